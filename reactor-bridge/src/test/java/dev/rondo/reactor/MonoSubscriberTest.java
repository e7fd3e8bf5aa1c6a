package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

import reactor.core.publisher.BaseSubscriber;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a Mono's subscriber asks for, hears of, and throws. */
class MonoSubscriberTest extends DroppedFixture {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @Test
    void theValueWaitsForDemand_theEndOfAnEmptyOneDoesNot() {
        VirtualClock.run(() -> {
            BaseSubscriber<Object> asks =
                    new BaseSubscriber<>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {}

                        @Override
                        protected void hookOnNext(Object value) {
                            trail.add(value);
                        }

                        @Override
                        protected void hookOnComplete() {
                            trail.add("complete");
                        }
                    };
            mono(() -> "value").subscribe(asks);
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            asks.request(1);
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("value", "complete");

            mono(() -> {})
                    .subscribe(
                            new BaseSubscriber<>() {
                                @Override
                                protected void hookOnSubscribe(Subscription subscription) {}

                                @Override
                                protected void hookOnComplete() {
                                    trail.add("empty");
                                }
                            });
            sleep(ofSeconds(1));
            assertThat(trail).endsWith("empty");
        });
    }

    @Test
    void aRequestOfNothing_isNoDemand() {
        VirtualClock.run(() -> {
            BaseSubscriber<String> asks =
                    new BaseSubscriber<>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {
                            subscription.request(0);
                            subscription.request(-5);
                        }

                        @Override
                        protected void hookOnNext(String value) {
                            trail.add(value);
                        }
                    };
            mono(() -> "value").subscribe(asks);
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            asks.dispose();
        });
    }

    @Test
    void anError_isNotReportedAsUnseen() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(reported::add).build()) {
            loop.run(() -> {
                mono(
                                () -> {
                                    throw new IllegalStateException("seen by onError");
                                })
                        .subscribe(null, trail::add);
                sleep(ofSeconds(1));
            });
        }
        assertThat(trail).hasSize(1);
        assertThat(reported).isEmpty();
    }

    @Test
    void aSubscriberThatThrows_harmsOnlyItself_andIsHeardOf() {
        watchDropped();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        IllegalStateException bad = new IllegalStateException("bad subscriber");
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(reported::add).build()) {
            loop.run(() -> {
                mono(() -> 1).subscribe(new ThrowingSubscriber(bad));
                sleep(ofSeconds(1));
                assertThat(await(mono(() -> 2))).isEqualTo(2);
            });
        }
        assertThat(dropped).containsExactly(bad);
        assertThat(reported).isEmpty();
    }

    private record ThrowingSubscriber(RuntimeException failure)
            implements reactor.core.CoreSubscriber<Integer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer value) {
            throw failure;
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            throw new AssertionError("complete");
        }
    }
}
