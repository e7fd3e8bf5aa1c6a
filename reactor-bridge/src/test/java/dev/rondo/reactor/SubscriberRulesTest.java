package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Each rule of Reactive Streams that a subscriber may break towards {@code mono} and {@code flux}:
 * the loop goes on, the body ends, and its values and errors go somewhere.
 */
@Timeout(60)
class SubscriberRulesTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    private final Mono<String> mono =
            mono(() -> {
                try {
                    sleep(ofSeconds(1));
                    return "a";
                } finally {
                    trail.add("body ends");
                }
            });

    private final Flux<String> flux =
            flux(emitter -> {
                try {
                    emitter.emit("a");
                    sleep(ofSeconds(1));
                    emitter.emit("b");
                } finally {
                    trail.add("body ends");
                }
            });

    @BeforeEach
    void listen() {
        Schedulers.onHandleError("SubscriberRulesTest", (thread, e) -> trail.add("handled " + e));
    }

    @AfterEach
    void stopListening() {
        Schedulers.resetOnHandleError("SubscriberRulesTest");
    }

    /** Writes down its signals; what it does beside that is up to the test. */
    private class Rude implements CoreSubscriber<String> {
        volatile Subscription own;

        @Override
        public Context currentContext() {
            return FluxProbe.recording(trail);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            own = subscription;
            subscribed(subscription);
        }

        void subscribed(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String value) {
            trail.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            trail.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            trail.add("complete");
        }
    }

    /** What is heard of it: by the subscriber, its hooks, the loop's error handler, the body. */
    private List<Object> heard(Publisher<String> source, Rude subscriber, Consumer<Rude> then) {
        trail.clear();
        VirtualClock.run(() -> {
            currentLoop().onError(failure -> trail.add("loop: " + failure));
            source.subscribe(subscriber);
            FluxProbe.settle();
            then.accept(subscriber);
            sleep(ofSeconds(10));
            assertThat(createTask(() -> "alive").await()).isEqualTo("alive");
            assertThat(allTasks()).containsExactly(currentTask());
        });
        return List.copyOf(trail);
    }

    private List<Object> heard(Publisher<String> source, Rude subscriber) {
        return heard(source, subscriber, unused -> {});
    }

    private static IllegalStateException bad() {
        return new IllegalStateException("bad");
    }

    // Section 2: signals that throw (rule 2.13).

    @Test
    void rule2_13_onNextThrows_theBodyHasTheError_andTheHook() {
        class Throwing extends Rude {
            @Override
            public void onNext(String value) {
                super.onNext(value);
                throw bad();
            }
        }
        assertThat(heard(mono, new Throwing()))
                .containsExactly("body ends", "a", "dropped java.lang.IllegalStateException: bad");
        assertThat(heard(flux, new Throwing()))
                .containsExactly("a", "body ends", "dropped java.lang.IllegalStateException: bad");
    }

    @Test
    void rule2_13_onNextThrows_inACallbackThatEmits_theBodyEndsToo() {
        class Throwing extends Rude {
            @Override
            public void onNext(String value) {
                super.onNext(value);
                throw bad();
            }
        }
        Flux<String> fromCallback =
                flux(emitter -> {
                    currentLoop().callSoon(() -> emitter.tryEmit("a"));
                    try {
                        currentLoop().newPromise().await();
                    } finally {
                        trail.add("body ends");
                    }
                });
        assertThat(heard(fromCallback, new Throwing()))
                .containsExactly("a", "loop: java.lang.IllegalStateException: bad", "body ends");
    }

    @Test
    void rule2_13_onCompleteThrows_theLoopsErrorHandlerHasIt() {
        class Throwing extends Rude {
            @Override
            public void onComplete() {
                super.onComplete();
                throw bad();
            }
        }
        assertThat(heard(mono, new Throwing()))
                .containsExactly(
                        "body ends", "a", "complete", "loop: java.lang.IllegalStateException: bad");
        assertThat(heard(flux, new Throwing()))
                .containsExactly(
                        "a",
                        "b",
                        "body ends",
                        "complete",
                        "loop: java.lang.IllegalStateException: bad");
    }

    @Test
    void rule2_13_onErrorThrows_theLoopsErrorHandlerHasIt() {
        class Throwing extends Rude {
            @Override
            public void onError(Throwable failure) {
                super.onError(failure);
                throw bad();
            }
        }
        List<Object> once = List.of("the body's", "loop: java.lang.IllegalStateException: bad");
        assertThat(heard(mono(SubscriberRulesTest::fail), new Throwing())).isEqualTo(once);
        assertThat(heard(flux(emitter -> fail()), new Throwing())).isEqualTo(once);
    }

    private static String fail() {
        throw new IllegalStateException("the body's");
    }

    @Test
    void rule2_13_onSubscribeThrows_theErrorIsSignalled_andTheBodyNeverBegins() {
        class Throwing extends Rude {
            @Override
            void subscribed(Subscription subscription) {
                throw bad();
            }
        }
        assertThat(heard(mono, new Throwing())).containsExactly("bad");
        assertThat(heard(flux, new Throwing())).containsExactly("bad");
    }

    // Section 3: what it does with its subscription.

    private class Asking extends Rude {
        private final long first;

        Asking(long first) {
            this.first = first;
        }

        @Override
        void subscribed(Subscription subscription) {
            if (first != 0) {
                subscription.request(first);
            }
        }
    }

    private void cancel(Rude subscriber) {
        trail.add("cancels");
        subscriber.own.cancel();
    }

    @Test
    void rule3_9_aRequestOfNoneOrLess_countsForNothing() {
        Consumer<Rude> nothing =
                subscriber -> {
                    subscriber.own.request(0);
                    subscriber.own.request(-1);
                    subscriber.own.request(Long.MIN_VALUE);
                    sleep(ofSeconds(5));
                    trail.add("asks");
                    subscriber.own.request(2);
                };
        assertThat(heard(mono, new Asking(0), nothing))
                .containsExactly("body ends", "asks", "a", "complete");
        assertThat(heard(flux, new Asking(0), nothing))
                .containsExactly("asks", "a", "b", "body ends", "complete");
    }

    @Test
    void rule2_1_noRequestAtAll_theBodyWaits_andACancelEndsIt() {
        assertThat(heard(mono, new Asking(0), this::cancel))
                .containsExactly("cancels", "body ends");
        Consumer<Rude> later =
                subscriber -> {
                    sleep(ofSeconds(5));
                    cancel(subscriber);
                };
        Mono<String> value =
                mono(() -> {
                    trail.add("returns");
                    return "a";
                });
        assertThat(heard(value, new Asking(0), later))
                .containsExactly("returns", "cancels", "discarded a");
        assertThat(heard(flux, new Asking(0), later)).containsExactly("cancels", "body ends");
    }

    @Test
    void rules3_6And3_7_afterACancel_anotherAndRequestsDoNothing() {
        Consumer<Rude> again =
                subscriber -> {
                    cancel(subscriber);
                    cancel(subscriber);
                    subscriber.own.request(1);
                    FluxProbe.settle();
                    subscriber.own.request(0);
                    cancel(subscriber);
                };
        assertThat(heard(mono, new Rude(), again))
                .containsExactly("cancels", "cancels", "body ends", "cancels");
        assertThat(heard(flux, new Asking(1), again))
                .containsExactly("a", "cancels", "cancels", "body ends", "cancels");
    }

    @Test
    void afterTheEnd_cancelAndRequestDoNothing() {
        Consumer<Rude> late =
                subscriber -> {
                    sleep(ofSeconds(5));
                    cancel(subscriber);
                    subscriber.own.request(1);
                };
        assertThat(heard(mono, new Rude(), late))
                .containsExactly("body ends", "a", "complete", "cancels");
        assertThat(heard(flux, new Rude(), late))
                .containsExactly("a", "b", "body ends", "complete", "cancels");
    }

    @Test
    void rule3_5_cancelWithinOnSubscribe_alsoTwiceAndWithARequest_theBodyNeverBegins() {
        class Leaving extends Rude {
            @Override
            void subscribed(Subscription subscription) {
                subscription.request(1);
                subscription.cancel();
                subscription.cancel();
                subscription.request(1);
            }
        }
        assertThat(heard(mono, new Leaving())).isEmpty();
        assertThat(heard(flux, new Leaving())).isEmpty();
    }

    @Test
    void rule2_7_requestsOnTwoThreadsAtOnce_eachElementOnce_andNoneTooMany() throws Exception {
        int each = 20_000;
        Asking subscriber = new Asking(0);
        try (EventLoop loop = EventLoop.start("requests")) {
            flux(
                            loop,
                            (Emitter<String> emitter) -> {
                                for (int i = 0; i <= 2 * each; i++) {
                                    emitter.emit("" + i);
                                }
                            })
                    .subscribe((Subscriber<String>) subscriber);
            CountDownLatch both = new CountDownLatch(2);
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    both.countDown();
                                    while (both.getCount() > 0) {
                                        Thread.onSpinWait();
                                    }
                                    for (int i = 0; i < each; i++) {
                                        subscriber.own.request(1);
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            loop.submit(
                            () -> {
                                while (trail.size() < 2 * each) {
                                    yieldNow();
                                }
                                FluxProbe.settle();
                            })
                    .join();
            assertThat(trail).hasSize(2 * each).doesNotHaveDuplicates();
            subscriber.own.cancel();
        }
    }
}
