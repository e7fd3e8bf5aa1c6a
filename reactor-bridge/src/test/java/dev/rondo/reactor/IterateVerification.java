package dev.rondo.reactor;

import dev.rondo.EventLoop;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.support.TestException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

import java.util.concurrent.CompletableFuture;

/**
 * The rules for a Subscriber, of what iterate subscribes with. The iterating coroutine is driven
 * one element at a time; with a prefetch of one, each element it takes asks for the next.
 */
@Test
public class IterateVerification extends SubscriberWhiteboxVerification<Integer> {
    private final EventLoop loop = EventLoop.start("iterate-tck");

    public IterateVerification() {
        super(new TestEnvironment(2000, 100));
    }

    @AfterClass
    public void close() {
        loop.close();
    }

    @Override
    public Integer createElement(int element) {
        return element;
    }

    @Override
    public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
        CompletableFuture<Subscriber<? super Integer>> subscribed = new CompletableFuture<>();
        Publisher<Integer> source = subscribed::complete;
        ElementStream<Integer> stream = ReactorBridge.iterate(source, 1);
        loop.submit(() -> {
            try {
                for (int unused : stream) {
                    // Whatever comes, as fast as it comes.
                }
            } catch (TestException | NullPointerException e) {
                // The publisher's error, or what is said of a signal that is null.
            }
        });
        return new Probed(subscribed.join(), probe, stream);
    }

    /** Tells the probe of each signal, after it has been given to the subscriber. */
    private record Probed(
            Subscriber<? super Integer> subscriber,
            WhiteboxSubscriberProbe<Integer> probe,
            ElementStream<Integer> stream)
            implements Subscriber<Integer> {
        @Override
        public void onSubscribe(Subscription own) {
            subscriber.onSubscribe(own);
            probe.registerOnSubscribe(
                    new SubscriberPuppet() {
                        @Override
                        public void triggerRequest(long elements) {
                            // It has asked already, and asks again as it takes.
                        }

                        @Override
                        public void signalCancel() {
                            stream.close();
                        }
                    });
        }

        @Override
        public void onNext(Integer element) {
            subscriber.onNext(element);
            probe.registerOnNext(element);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
            probe.registerOnError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
            probe.registerOnComplete();
        }
    }
}
