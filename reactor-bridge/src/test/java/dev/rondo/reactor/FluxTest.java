package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import reactor.core.Scannable;
import reactor.core.publisher.*;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** A coroutine that emits, as a Flux: demand, order, cancellation, ends. */
class FluxTest {
    private final FluxProbe<Integer> probe = new FluxProbe<>(0);
    private final List<Object> trail = probe.trail;

    private Flux<Integer> counting(int last) {
        return flux(emitter -> {
            for (int i = 1; i <= last; i++) {
                trail.add("emit " + i);
                emitter.emit(i);
            }
            trail.add("body ends");
        });
    }

    // Demand.

    @Test
    void nothingRuns_beforeSomebodySubscribes_andTheBodyOnlyAfterOnSubscribe() {
        VirtualClock.run(() -> {
            Flux<Integer> flux = counting(0);
            settle();
            assertThat(trail).isEmpty();
            flux.subscribe(probe);
            trail.add("subscribe returns");
            settle();
        });
        assertThat(trail)
                .containsExactly("subscribed", "subscribe returns", "body ends", "complete");
    }

    @Test
    void eachSubscriberHasARunOfItsOwn() {
        VirtualClock.run(() -> {
            AtomicInteger runs = new AtomicInteger();
            Flux<Integer> flux = flux(emitter -> emitter.emit(runs.incrementAndGet()));
            assertThat(await(flux)).isEqualTo(1);
            assertThat(await(flux)).isEqualTo(2);
        });
    }

    @Test
    void oneRequested_isEmit_onNextWithinIt_thenTheCodeAfterIt() {
        VirtualClock.run(() -> {
            Flux<Integer> flux =
                    flux(emitter -> {
                        trail.add("before");
                        emitter.emit(1);
                        trail.add("after");
                    });
            flux.subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "before", 1, "after", "complete");
    }

    @Test
    void twoRequested_theThirdEmitSuspends_andTheTwoFirstDoNot() {
        VirtualClock.run(() -> {
            counting(3).subscribe(probe);
            probe.request(2);
            callSoonTwice();
            settle();
            trail.add("request");
            probe.request(1);
            settle();
        });
        assertThat(trail)
                .containsExactly(
                        "subscribed",
                        "emit 1",
                        1,
                        "emit 2",
                        2,
                        "emit 3",
                        "others run",
                        "request",
                        3,
                        "body ends",
                        "complete");
    }

    /** Something that would run between two elements if emit suspended between them. */
    private void callSoonTwice() {
        EventLoop loop = currentLoop();
        loop.callSoon(() -> loop.callSoon(() -> trail.add("others run")));
    }

    @Test
    void noDemandAtAll_theEndNeedsNone() {
        VirtualClock.run(() -> {
            counting(0).subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "body ends", "complete");
    }

    @Test
    void noDemandAtAll_anErrorNeedsNone() {
        IOException failure = new IOException("K");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                throw failure;
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", failure);
    }

    @Test
    void anErrorAfterAnElement_comesAfterIt_asTheSameObject() {
        IOException failure = new IOException("K");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                emitter.emit(1);
                                throw failure;
                            })
                    .subscribe(probe);
            probe.request(5);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, failure);
    }

    @Test
    void aCancellationOfTheBodysOwn_isTheError_asTheSameObject() {
        CancellationException own = new CancellationException("own");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                throw own;
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", own);
    }

    @Test
    void aTimeoutOfTheBodysOwn_whileItWaitsForDemand_isTheError() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(emitter -> timeout(ofSeconds(1), () -> emitter.emit(1)))
                    .subscribe(probe);
            sleep(ofSeconds(2));
            probe.request(1);
            settle();
        });
        assertThat(trail).hasSize(2).last().isInstanceOf(AsyncTimeoutException.class);
    }

    @Test
    void emitInATimeout_thatHasPassed_leavesTheTurnToTheNext() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                try {
                                    timeout(ofSeconds(1), () -> emitter.emit(1));
                                } catch (AsyncTimeoutException e) {
                                    trail.add("no demand");
                                }
                                emitter.emit(2);
                            })
                    .subscribe(probe);
            sleep(ofSeconds(2));
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "no demand", 2, "complete");
    }

    @Test
    void requestsThatOverflowALong_areWithoutBound() {
        VirtualClock.run(() -> {
            counting(3).subscribe(probe);
            probe.request(Long.MAX_VALUE - 1);
            probe.request(Long.MAX_VALUE - 1);
            assertThat(
                            Scannable.from(probe.subscription())
                                    .scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM))
                    .isEqualTo(Long.MAX_VALUE);
            settle();
        });
        assertThat(trail).endsWith(3, "body ends", "complete");
    }

    @Test
    void aRequestOfNoneOrLess_isIgnored_asByReactorsOwnOperators() {
        VirtualClock.run(() -> {
            counting(1).subscribe(probe);
            probe.request(0);
            probe.request(-1);
            settle();
            probe.cancel();
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "emit 1");
    }

    @Test
    void aRequestFromWithinOnNext_forManyElements_needsNoStack() {
        VirtualClock.run(() -> {
            AtomicInteger got = new AtomicInteger();
            FluxProbe<Integer> one = new FluxProbe<>(1);
            one.onNext =
                    value -> {
                        got.incrementAndGet();
                        one.request(1);
                    };
            Flux.from(
                            flux((Emitter<Integer> emitter) -> {
                                for (int i = 0; i < 10_000; i++) {
                                    emitter.emit(i);
                                }
                            }))
                    .subscribe(one);
            while (got.get() < 10_000) {
                yieldNow();
            }
            settle();
            assertThat(one.trail).last().isEqualTo("complete");
        });
    }

    // tryEmit and nulls.

    @Test
    void tryEmit_givesOnlyWhatIsAskedFor_andNeverSuspends() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                trail.add(emitter.tryEmit(1));
                                trail.add(emitter.tryEmit(2));
                            })
                    .subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, false, "complete");
    }

    @Test
    void tryEmit_whileAnotherTaskWaitsToEmit_isRefused_andThatOnesOrderKept() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                Task<Void> first = createTask(() -> emitter.emit(1));
                                yieldNow();
                                yieldNow();
                                trail.add(emitter.tryEmit(2));
                                first.await();
                                trail.add(emitter.tryEmit(3));
                            })
                    .subscribe(probe);
            settle();
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", false, 1, 3, true, "complete");
    }

    @Test
    void tryEmit_inACallbackOfTheLoop_isWelcome_emitIsNot() {
        VirtualClock.run(() -> {
            probe.onSubscribe = own -> own.request(9);
            flux(
                            (Emitter<Integer> emitter) -> {
                                currentLoop()
                                        .callSoon(() -> {
                                            trail.add(emitter.tryEmit(1));
                                            assertThatThrownBy(() -> emitter.emit(2))
                                                    .isInstanceOf(IllegalStateException.class);
                                        });
                                yieldNow();
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, "complete");
    }

    @Test
    void tryEmit_fromAnotherThread_isAnErrorBeforeTheEnd_andFalseAfterIt() throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
            CountDownLatch begun = new CountDownLatch(1);
            Promise<Void> go = loop.newPromise();
            flux(
                            loop,
                            (Emitter<Integer> own) -> {
                                emitter.set(own);
                                begun.countDown();
                                go.await();
                            })
                    .subscribe(probe);
            begun.await();
            assertThatThrownBy(() -> emitter.get().tryEmit(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("submit()");
            assertThatThrownBy(() -> emitter.get().emit(1))
                    .isInstanceOf(IllegalStateException.class);
            go.complete(null);
            probe.awaitEnd();
            assertThat(emitter.get().tryEmit(1)).isFalse();
        }
        assertThat(trail).containsExactly("subscribed", "complete");
    }

    @Test
    void tryEmit_afterCancel_isFalse_fromAnyThread() throws Exception {
        AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> own) -> {
                                emitter.set(own);
                                sleep(ofHours(1));
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
            probe.cancel();
            trail.add(emitter.get().tryEmit(1));
            settle();
        });
        trail.add(emitter.get().tryEmit(1));
        assertThat(trail).containsExactly("subscribed", false, false);
    }

    @Test
    void null_isRefusedToTheCaller_andTheStreamGoesOn() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                assertThatThrownBy(() -> emitter.emit(null))
                                        .isInstanceOf(NullPointerException.class);
                                assertThatThrownBy(() -> emitter.tryEmit(null))
                                        .isInstanceOf(NullPointerException.class);
                                emitter.emit(1);
                            })
                    .subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, "complete");
    }

    // Cancellation, in every state.

    @Test
    void cancelInOnSubscribe_theBodyNeverRuns() {
        VirtualClock.run(() -> {
            probe.onSubscribe = own -> own.cancel();
            counting(1).subscribe(probe);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed");
    }

    @Test
    void cancelBeforeTheFirstStep_theBodyNeverRuns() {
        VirtualClock.run(() -> {
            counting(1).subscribe(probe);
            probe.cancel();
            settle();
            probe.request(1);
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed");
    }

    private void subscribeCleaningUp(Coroutine<?> waiting) {
        flux(
                        (Emitter<Integer> emitter) -> {
                            try {
                                waiting.await();
                                trail.add("wrong");
                            } catch (CancellationException e) {
                                trail.add("cancelled: " + e.getMessage());
                                throw e;
                            } finally {
                                sleep(ofSeconds(1));
                                trail.add("cleaned up on the loop: " + (currentLoop() != null));
                            }
                        })
                .subscribe(probe);
        settle();
    }

    private static final List<Object> CLEANED_UP =
            List.of(
                    "subscribed",
                    "cancel returns",
                    "cancelled: the subscriber has cancelled",
                    "a task is left: true",
                    "cleaned up on the loop: true",
                    "a task is left: false");

    private void cancelAndLookOn() {
        probe.cancel();
        trail.add("cancel returns");
        settle();
        trail.add("a task is left: " + (allTasks().size() > 1));
        sleep(ofSeconds(2));
        trail.add("a task is left: " + (allTasks().size() > 1));
    }

    @Test
    void cancelWhileSuspendedInEmit_returnsFirst_thenTheBodyCleansUp_andNothingIsSignalled() {
        VirtualClock.run(() -> {
            AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
            flux(
                            (Emitter<Integer> own) -> {
                                try {
                                    own.emit(1);
                                    trail.add("wrong");
                                } catch (CancellationException e) {
                                    trail.add("cancelled: " + e.getMessage());
                                    throw e;
                                } finally {
                                    sleep(ofSeconds(1));
                                    trail.add("cleaned up on the loop: " + (currentLoop() != null));
                                }
                            })
                    .subscribe(probe);
            settle();
            cancelAndLookOn();
        });
        assertThat(trail).isEqualTo(CLEANED_UP);
    }

    @Test
    void cancelWhileSuspendedElsewhere_isThrownThere_andTheBodyCleansUp() {
        VirtualClock.run(() -> {
            subscribeCleaningUp(() -> {
                sleep(ofHours(1));
                return null;
            });
            cancelAndLookOn();
        });
        assertThat(trail).isEqualTo(CLEANED_UP);
    }

    @Test
    void cancelASecondTime_leavesTheCleanUpInPeace() {
        VirtualClock.run(() -> {
            subscribeCleaningUp(() -> {
                sleep(ofHours(1));
                return null;
            });
            probe.cancel();
            settle();
            cancelAndLookOn();
        });
        assertThat(trail)
                .containsExactly(
                        "subscribed",
                        "cancelled: the subscriber has cancelled",
                        "cancel returns",
                        "a task is left: true",
                        "cleaned up on the loop: true",
                        "a task is left: false");
    }

    @Test
    void cancelInsideOnNext_isTheLastElement_andTheNextEmitThrows() {
        VirtualClock.run(() -> {
            probe.onNext = value -> probe.cancel();
            flux(
                            (Emitter<Integer> emitter) -> {
                                try {
                                    emitter.emit(1);
                                    trail.add("goes on");
                                    emitter.emit(2);
                                } finally {
                                    trail.add("cleans up");
                                }
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", 1, "goes on", "cleans up");
    }

    @Test
    void cancelInsideTheLastOnNext_isSilent() {
        VirtualClock.run(() -> {
            probe.onNext = value -> probe.cancel();
            counting(1).subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "emit 1", 1, "body ends");
    }

    @Test
    void cancelFromAnotherThread_theCleanUpRunsOnTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> cleanedUp = new CompletableFuture<>();
            flux(
                            loop,
                            (Emitter<Integer> emitter) -> {
                                begun.countDown();
                                try {
                                    emitter.emit(1);
                                } finally {
                                    yieldNow();
                                    cleanedUp.complete(loop.inLoop());
                                }
                            })
                    .subscribe(probe);
            begun.await();
            probe.cancel();
            assertThat(cleanedUp.join()).isTrue();
            assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
        }
        assertThat(trail).containsExactly("subscribed");
    }

    @Test
    void cancelFromAnotherThread_whileTheBodyEmitsAllTheTime_leavesTheCleanUpInPeace()
            throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            for (int i = 0; i < 300; i++) {
                FluxProbe<Integer> unbounded = new FluxProbe<>(Long.MAX_VALUE);
                CountDownLatch begun = new CountDownLatch(1);
                CompletableFuture<Object> cleanedUp = new CompletableFuture<>();
                unbounded.onNext = value -> begun.countDown();
                flux(
                                loop,
                                (Emitter<Integer> emitter) -> {
                                    try {
                                        while (true) {
                                            emitter.emit(1);
                                        }
                                    } finally {
                                        try {
                                            FluxProbe.settle();
                                            cleanedUp.complete("cleaned up");
                                        } catch (CancellationException e) {
                                            cleanedUp.complete(e);
                                        }
                                    }
                                })
                        .subscribe(unbounded);
                begun.await();
                unbounded.cancel();
                assertThat(cleanedUp.join()).isEqualTo("cleaned up");
            }
            assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
        }
    }

    @Test
    void cancelReachesTheChildrenThroughTheBody_once_andLeavesTheirCleanUpInPeace() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int i = 1; i <= 3; i++) {
                                    int value = i;
                                    group.createTask(() -> {
                                        try {
                                            emitter.emit(value);
                                        } finally {
                                            sleep(ofSeconds(1));
                                            trail.add("clean " + value);
                                        }
                                    });
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.cancel();
            sleep(ofSeconds(2));
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", "clean 1", "clean 2", "clean 3");
    }

    @Test
    void aBodyThatSwallowsTheCancel_canEmitNothingMore() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                for (int i = 0; i < 3; i++) {
                                    try {
                                        emitter.emit(i);
                                        trail.add("wrong");
                                    } catch (CancellationException e) {
                                        trail.add("no " + i);
                                    }
                                }
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "no 0", "no 1", "no 2");
    }

    @Test
    void anErrorAfterCancel_isDropped_once_andACancellationIsSilent() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                try {
                                    sleep(ofHours(1));
                                } finally {
                                    throw new IllegalStateException("clean-up");
                                }
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
        });
        assertThat(trail)
                .containsExactly("subscribed", "dropped java.lang.IllegalStateException: clean-up");
    }

    @Test
    void doOnCancel_isCalledOnce_andAGeneratorTakenFromEndlesslyEnds() {
        VirtualClock.run(() -> {
            Flux<Integer> endless =
                    flux(emitter -> {
                        try {
                            for (int i = 1; ; i++) {
                                emitter.emit(i);
                            }
                        } finally {
                            trail.add("cleaned up");
                        }
                    });
            List<Integer> three =
                    await(endless.doOnCancel(() -> trail.add("cancel")).take(3).collectList());
            trail.add(three);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactlyInAnyOrder("cancel", List.of(1, 2, 3), "cleaned up");
    }

    // Children of the body.

    @Test
    void tenThousandChildrenEmit_eachOnce_oneAtATime() {
        VirtualClock.run(() -> {
            AtomicBoolean inside = new AtomicBoolean();
            Set<Integer> got = new HashSet<>();
            FluxProbe<Integer> slow = new FluxProbe<>(1);
            slow.onNext =
                    value -> {
                        assertThat(inside.getAndSet(true)).isFalse();
                        assertThat(got.add(value)).isTrue();
                        if (value % 10 == 0) {
                            // A subscriber that suspends within onNext lets the other tasks run.
                            yieldNow();
                        }
                        inside.set(false);
                        slow.request(1);
                    };
            Flux<Integer> flux =
                    flux(emitter ->
                            taskGroup(group -> {
                                for (int i = 0; i < 10_000; i++) {
                                    int value = i;
                                    group.createTask(() -> emitter.emit(value));
                                }
                            }));
            flux.subscribe(slow);
            sleep(ofSeconds(1));
            assertThat(got).hasSize(10_000);
            assertThat(slow.trail).hasSize(10_002).last().isEqualTo("complete");
        });
    }

    @Test
    void childrenThatWait_areServedInTheOrderTheyCame_andAllEndOnCancel() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int i = 1; i <= 5; i++) {
                                    int value = i;
                                    group.createTask(() -> emitter.emit(value));
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.request(2);
            settle();
            probe.cancel();
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", 1, 2);
    }

    @Test
    void childrenThatEmitAgainAndAgain_takeTurns() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int child : List.of(10, 20)) {
                                    group.createTask(() -> {
                                        for (int i = 1; i <= 3; i++) {
                                            emitter.emit(child + i);
                                        }
                                    });
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.request(6);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 11, 21, 12, 22, 13, 23, "complete");
    }

    @Test
    void emitInTheSameCoroutinesOnNext_isRefused_andTheStreamGoesOn() {
        AtomicReference<Emitter<Integer>> own = new AtomicReference<>();
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                own.set(emitter);
                                emitter.emit(1);
                                emitter.emit(2);
                            })
                    .doOnNext(value ->
                            assertThatThrownBy(() -> own.get().emit(value))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("tryEmit() says so"))
                    .subscribe(probe);
            probe.request(Long.MAX_VALUE);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, 2, "complete");
    }

    @Test
    void aTaskTheBodyDidNotWaitFor_isToldWhenTheBodyHasEnded_insteadOfWaitingForEver() {
        VirtualClock.run(() -> {
            List<Task<Void>> strays = new ArrayList<>();
            flux(
                            (Emitter<Integer> emitter) -> {
                                strays.add(createTask(() -> emitter.emit(1)));
                                strays.add(createTask(() -> emitter.emit(2)));
                                yieldNow();
                            })
                    .subscribe(probe);
            settle();
            for (Task<Void> stray : strays) {
                assertThatThrownBy(() -> waitFor(stray, ofSeconds(1)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("taskGroup");
            }
        });
        assertThat(trail).containsExactly("subscribed", "complete");
    }

    @Test
    void theBodyEndsWhileATaskItDidNotWaitForIsInOnNext_theEndComesAfterThat() {
        VirtualClock.run(() -> {
            probe.onNext =
                    value -> {
                        yieldNow();
                        yieldNow();
                        yieldNow();
                        trail.add("onNext returns");
                    };
            flux(
                            (Emitter<Integer> emitter) -> {
                                createTask(() -> emitter.emit(1));
                                yieldNow();
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, "onNext returns", "complete");
    }

    @Test
    void aStrayTaskWaitsInEmit_whenTheSubscriberCancels_itEndsToo() {
        VirtualClock.run(() -> {
            List<Task<Void>> strays = new ArrayList<>();
            flux(
                            (Emitter<Integer> emitter) -> {
                                strays.add(createTask(() -> emitter.emit(1)));
                                sleep(ofHours(1));
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
            assertThat(strays.getFirst().isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("subscribed");
    }

    // A subscriber that throws.

    @Test
    void onNextThrows_emitThrowsTheSame_andNothingIsSignalledAnyMore() {
        RuntimeException broken = new RuntimeException("rule 2.13");
        VirtualClock.run(() -> {
            probe.onNext =
                    value -> {
                        throw broken;
                    };
            flux(
                            (Emitter<Integer> emitter) -> {
                                try {
                                    emitter.emit(1);
                                } catch (RuntimeException e) {
                                    trail.add(e == broken);
                                    trail.add(emitter.tryEmit(2));
                                    throw e;
                                }
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, false, "dropped " + broken);
    }

    @Test
    void anOperatorThatThrows_cancelsTheBody_andSurfacesDownstream() {
        VirtualClock.run(() -> {
            Flux<Integer> failing =
                    counting(5)
                            .map(value -> {
                                throw new IllegalArgumentException("map");
                            });
            assertThatThrownBy(() -> await(failing)).hasMessage("map");
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("emit 1", "emit 2");
    }

    // The loop.

    @Test
    void onAClosedLoop_theErrorIsARejection() {
        EventLoop loop = EventLoop.start("flux");
        loop.close();
        flux(loop, (Emitter<Integer> emitter) -> emitter.emit(1)).subscribe(probe);
        assertThat(trail).hasSize(2).last().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void theLoopCloses_theBodyIsCancelled_andTheSubscriberIsTold() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        EventLoop loop = EventLoop.start("flux");
        flux(
                        loop,
                        (Emitter<Integer> emitter) -> {
                            begun.countDown();
                            emitter.emit(1);
                        })
                .subscribe(probe);
        begun.await();
        loop.close();
        assertThat(trail).hasSize(2).last().isInstanceOf(CancellationException.class);
    }

    @Test
    void withoutALoop_itIsTheSharedOne_offALoop() {
        StepVerifier.create(flux((Emitter<String> emitter) -> emitter.emit(currentLoop().name())))
                .expectNext("rondo-shared")
                .verifyComplete();
    }

    // Context.

    private static final ContextVar<String> USER = ContextVar.of("user");

    @Test
    void theBodySeesTheSubscribersContext_andItsContextVariables_andWhatItAwaitsDoesToo() {
        VirtualClock.run(() -> {
            Flux<Object> flux =
                    flux(emitter -> {
                        emitter.emit(contextView().get("key"));
                        emitter.emit(USER.get());
                        Mono<Object> inner =
                                Mono.deferContextual(view -> Mono.just(view.get("key")));
                        emitter.emit(await(inner));
                        taskGroup(group -> {
                            group.createTask(() -> emitter.emit("child: " + USER.get()));
                        });
                    });
            List<Object> seen =
                    await(flux.collectList().contextWrite(Context.of("key", "k", USER, "ada")));
            assertThat(seen).containsExactly("k", "ada", "k", "child: ada");
        });
    }

    // As a citizen of Reactor.

    @Test
    void assemblyHooks_seeIt_andACheckpointIsInTheTrace() {
        List<String> assembled = new ArrayList<>();
        Hooks.onEachOperator(
                "FluxTest",
                publisher -> {
                    assembled.add(publisher.getClass().getSimpleName());
                    return publisher;
                });
        try {
            assertThat(flux(emitter -> {})).isInstanceOf(CoroutineFlux.class);
        } finally {
            Hooks.resetOnEachOperator("FluxTest");
        }
        assertThat(assembled).containsExactly("CoroutineFlux");
        VirtualClock.run(() -> {
            Flux<Integer> failing =
                    ReactorBridge.<Integer>flux(
                                    emitter -> {
                                        throw new IllegalStateException("body");
                                    })
                            .checkpoint("in the generator");
            assertThatThrownBy(() -> await(failing))
                    .hasMessage("body")
                    .satisfies(e ->
                            assertThat(Arrays.toString(e.getSuppressed()))
                                    .contains("in the generator"));
        });
    }

    @Test
    void itCanBeScanned() {
        VirtualClock.run(() -> {
            Flux<Integer> flux = counting(1);
            assertThat(Scannable.from(flux).scan(Scannable.Attr.RUN_STYLE))
                    .isEqualTo(Scannable.Attr.RunStyle.ASYNC);
            flux.subscribe(probe);
            Scannable scan = Scannable.from(probe.subscription());
            assertThat(scan.scanUnsafe(Scannable.Attr.ACTUAL)).isSameAs(probe);
            assertThat(scan.scan(Scannable.Attr.TERMINATED)).isFalse();
            probe.request(3);
            settle();
            assertThat(scan.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(2);
            assertThat(scan.scan(Scannable.Attr.TERMINATED)).isTrue();
            assertThat(scan.scan(Scannable.Attr.CANCELLED)).isFalse();
            assertThat(scan.scan(Scannable.Attr.ERROR)).isNull();
        });
    }

    @Test
    void stepVerifier_drivesIt_demandByDemand() {
        StepVerifier.create(counting(3), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(1)
                .thenRequest(2)
                .expectNext(2, 3)
                .verifyComplete();
    }

    @Test
    void nullArguments_areRefusedAtOnce() {
        assertThatThrownBy(() -> flux(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> flux(null, emitter -> {}))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> counting(1).subscribe((FluxProbe<Integer>) null))
                .isInstanceOf(NullPointerException.class);
    }
}
