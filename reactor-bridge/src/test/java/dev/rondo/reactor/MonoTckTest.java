package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.mono;
import static dev.rondo.reactor.ReactorBridge.toMono;

import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;

/** The Reactive Streams TCK on what the bridge publishes and subscribes with for single values. */
class MonoTckTest {
    private static final EventLoop LOOP = EventLoop.start("tck");

    private static TestEnvironment environment() {
        return new TestEnvironment(1000, 50);
    }

    @Test
    void monos() {
        Tck.run(MonoVerification.class, 12);
    }

    @Test
    void tasksAsMonos() {
        Tck.run(TaskMonoVerification.class, 12);
    }

    @Test
    void theSubscriberOfAwait() {
        Tck.run(AwaitingVerification.class, 10);
    }

    /** A coroutine's Mono. */
    @org.testng.annotations.Test
    public static final class MonoVerification extends PublisherVerification<Integer> {
        public MonoVerification() {
            super(environment(), 1000);
        }

        @Override
        public Publisher<Integer> createPublisher(long elements) {
            return mono(LOOP, () -> 1);
        }

        @Override
        public Publisher<Integer> createFailedPublisher() {
            return mono(
                    LOOP,
                    () -> {
                        throw new IllegalStateException("failed");
                    });
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }

    /** A task's Mono. */
    @org.testng.annotations.Test
    public static final class TaskMonoVerification extends PublisherVerification<Integer> {
        public TaskMonoVerification() {
            super(environment(), 1000);
        }

        @Override
        public Publisher<Integer> createPublisher(long elements) {
            return toMono(LOOP.submit(() -> 1));
        }

        @Override
        public Publisher<Integer> createFailedPublisher() {
            return toMono(
                    LOOP.submit(() -> {
                        throw new IllegalStateException("failed");
                    }));
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }

    /** What await subscribes with. */
    @org.testng.annotations.Test
    public static final class AwaitingVerification extends SubscriberBlackboxVerification<Integer> {
        public AwaitingVerification() {
            super(environment());
        }

        @Override
        public Subscriber<Integer> createSubscriber() {
            return new ResultSubscriber<>(LOOP, false, ResultSubscriber.Which.LAST);
        }

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }
}
