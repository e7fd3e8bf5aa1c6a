package dev.rondo.reactor;

import dev.rondo.EventLoop;

import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

/** The rules for a Publisher, of flux. */
@Test
public class FluxVerification extends PublisherVerification<Long> {
    private final EventLoop loop = EventLoop.start("flux-tck");

    public FluxVerification() {
        super(new TestEnvironment(2000, 100), 500);
    }

    @AfterClass
    public void close() {
        loop.close();
    }

    @Override
    public Publisher<Long> createPublisher(long elements) {
        return ReactorBridge.flux(
                loop,
                emitter -> {
                    for (long i = 0; i < elements; i++) {
                        emitter.emit(i);
                    }
                });
    }

    @Override
    public Publisher<Long> createFailedPublisher() {
        return ReactorBridge.flux(
                loop,
                emitter -> {
                    throw new IllegalStateException("failed");
                });
    }
}
