package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A subscriber's cancel has cancelled what the body waits for when it returns, on any thread. */
class CancelIsSynchronousTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());
    private final EventLoop loop = EventLoop.start("cancelled");

    @AfterEach
    void nothingIsLeft() {
        assertThat(loop.submit(Async::allTasks).join()).hasSize(1);
        loop.close();
    }

    private <T> Mono<T> never(String name) {
        return Mono.<T>never()
                .doOnSubscribe(own -> trail.add(name + " begins"))
                .doOnCancel(() -> trail.add(name + " is cancelled"));
    }

    /** What a coroutine waits in when the cancel comes. */
    enum Place {
        AWAIT {
            @Override
            void run(Mono<Integer> source) {
                await(source);
            }
        },
        AWAIT_FIRST {
            @Override
            void run(Mono<Integer> source) {
                awaitFirst(source);
            }
        },
        ITERATE {
            @Override
            void run(Mono<Integer> source) {
                iterate(source).iterator().hasNext();
            }
        },
        STREAM_BESIDE {
            @Override
            void run(Mono<Integer> source) {
                iterate(source).iterator();
                sleep(ofHours(1));
            }
        },
        FOR_EACH {
            @Override
            void run(Mono<Integer> source) {
                forEach(source, value -> {});
            }
        },
        TASK {
            @Override
            void run(Mono<Integer> source) {
                toTask(source).await();
            }
        },
        GATHER {
            @Override
            void run(Mono<Integer> source) {
                gather(() -> await(source), () -> sleep(ofHours(1))).await();
            }
        },
        GATHER_OF_PUBLISHERS {
            @Override
            void run(Mono<Integer> source) {
                ReactorBridge.gather(source, Mono.never()).await();
            }
        },
        CHILD_OF_A_GROUP {
            @Override
            void run(Mono<Integer> source) {
                taskGroup(group -> {
                    group.createTask(() -> await(source));
                    sleep(ofHours(1));
                });
            }
        },
        GRANDCHILD {
            @Override
            void run(Mono<Integer> source) {
                taskGroup(group -> {
                    group.createTask(() -> createTask(() -> CHILD_OF_A_GROUP.run(source)).await());
                });
            }
        },
        TIMEOUT {
            @Override
            void run(Mono<Integer> source) {
                timeout(ofHours(1), () -> await(source));
            }
        },
        RACE {
            @Override
            void run(Mono<Integer> source) {
                race(() -> await(source), () -> await(Mono.<Integer>never()));
            }
        },
        BODY_WITHIN {
            @Override
            void run(Mono<Integer> source) {
                await(mono(() -> await(source)));
            }
        },
        FLUX_WITHIN {
            @Override
            void run(Mono<Integer> source) {
                await(ReactorBridge.<Integer>flux(emitter -> emitter.emit(await(source))));
            }
        };

        abstract void run(Mono<Integer> source);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheBodyWaitsFor_isCancelledWhileItsLoopIsBusy(Place place) throws Exception {
        Semaphore ready = new Semaphore(0);
        Semaphore mayGoOn = new Semaphore(0);
        Mono<Integer> source = this.<Integer>never("source").doOnRequest(n -> ready.release());
        Disposable subscription = mono(loop, () -> place.run(source)).subscribe();
        ready.acquire();
        // All that the coroutines still have to do is done before the loop is held up.
        loop.submit(() -> settle()).join();
        loop.callSoon(() -> {
            ready.release();
            mayGoOn.acquireUninterruptibly();
        });
        ready.acquire();
        subscription.dispose();
        trail.add("disposed");
        mayGoOn.release();
        loop.submit(() -> settle()).join();
        assertThat(trail).containsExactly("source begins", "source is cancelled", "disposed");
    }

    @Test
    void untilItIsDelivered_nothingIsSubscribedTo_thenCleanUpMay() throws Exception {
        Semaphore inTheBody = new Semaphore(0);
        Semaphore mayGoOn = new Semaphore(0);
        Mono<Integer> late = Mono.fromCallable(() -> 1).doOnSubscribe(own -> trail.add("late"));
        Mono<Integer> cleanUp =
                Mono.fromCallable(() -> 1).doOnSubscribe(own -> trail.add("clean-up"));
        List<Runnable> ways =
                List.of(
                        () -> await(late),
                        () -> awaitFirst(late),
                        () -> toTask(late),
                        () -> ReactorBridge.gather(late),
                        () -> iterate(late).iterator(),
                        () -> forEach(late, value -> {}));
        for (Runnable way : ways) {
            trail.clear();
            Disposable subscription =
                    mono(
                                    loop,
                                    () -> {
                                        inTheBody.release();
                                        mayGoOn.acquire();
                                        try {
                                            way.run();
                                        } catch (CancellationException e) {
                                            trail.add(e.getMessage());
                                            await(cleanUp);
                                            sleep(ofMillis(1));
                                            await(cleanUp);
                                            throw e;
                                        }
                                    })
                            .subscribe();
            inTheBody.acquire();
            subscription.dispose();
            mayGoOn.release();
            loop.submit(() -> sleep(ofMillis(20))).join();
            assertThat(trail)
                    .containsExactly("the subscriber has cancelled", "clean-up", "clean-up");
        }
    }

    @Test
    void aChildThatRunsAtThatMoment_subscribesToNothingEither() throws Exception {
        Semaphore inTheChild = new Semaphore(0);
        Semaphore mayGoOn = new Semaphore(0);
        Disposable subscription =
                mono(
                                loop,
                                () ->
                                        taskGroup(group -> {
                                            group.createTask(() -> {
                                                inTheChild.release();
                                                mayGoOn.acquire();
                                                try {
                                                    await(never("late"));
                                                } catch (CancellationException e) {
                                                    trail.add("child");
                                                    // A second request would end this.
                                                    await(Mono.delay(ofMillis(1)));
                                                    trail.add("cleaned up");
                                                }
                                            });
                                            sleep(ofHours(1));
                                        }))
                        .subscribe();
        inTheChild.acquire();
        subscription.dispose();
        mayGoOn.release();
        loop.submit(() -> sleep(ofMillis(50))).join();
        assertThat(trail).containsExactly("child", "cleaned up");
    }

    @Test
    void usingWhen_releasesAfterTheStatementIsCancelled_andNothingBeginsAfterwards() {
        AtomicInteger afterwards = new AtomicInteger();
        for (int round = 0; round < 200; round++) {
            AtomicBoolean released = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(1);
            Mono<Integer> statement =
                    Mono.fromCallable(() -> {
                        if (released.get()) {
                            afterwards.incrementAndGet();
                        }
                        begun.countDown();
                        return 1;
                    });
            Disposable use =
                    Mono.usingWhen(
                                    Mono.just("connection"),
                                    connection ->
                                            mono(
                                                    loop,
                                                    () -> {
                                                        while (true) {
                                                            await(statement);
                                                        }
                                                    }),
                                    connection -> Mono.fromRunnable(() -> released.set(true)))
                            .subscribe();
            awaitBegin(begun);
            use.dispose();
        }
        loop.submit(() -> sleep(ofMillis(10))).join();
        // The one that is just being subscribed to, as with operators.
        assertThat(afterwards.get()).isLessThan(20);
    }

    private static void awaitBegin(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCancelThatThrows_doesNotKeepTheOthersFromBeingCancelled() {
        VirtualClock.run(() -> {
            Mono<Integer> throwing =
                    Mono.<Integer>never()
                            .doOnCancel(() -> {
                                throw new IllegalStateException("cancel");
                            });
            Disposable subscription =
                    mono(() -> gather(() -> await(never("one")), () -> await(throwing)).await())
                            .subscribe();
            settle();
            subscription.dispose();
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("one begins", "one is cancelled");
    }
}
