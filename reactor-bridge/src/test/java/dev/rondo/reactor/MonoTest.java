package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** A coroutine as a cold Mono. */
class MonoTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private final List<Throwable> dropped = new CopyOnWriteArrayList<>();

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnOperatorDebug();
    }

    private void watchDropped() {
        Hooks.onErrorDropped(dropped::add);
    }

    @Test
    void itIsCold_andRunsOnceForEachSubscriber() {
        VirtualClock.run(() -> {
            Mono<Integer> mono =
                    mono(() -> {
                        trail.add("body");
                        return trail.size();
                    });
            yieldNow();
            assertThat(trail).isEmpty();
            assertThat(await(mono)).isEqualTo(1);
            assertThat(await(mono)).isEqualTo(2);
        });
    }

    @Test
    void subscribeReturns_beforeTheBodyBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body")).subscribe(ok -> trail.add("value " + ok));
            trail.add("subscribed");
            sleep(ofMillis(1));
            assertThat(trail).containsExactly("subscribed", "body", "value true");
        });
    }

    @Test
    void aValue_isNextAndComplete_null_isComplete_aFailure_isTheSameError() {
        IOException checked = new IOException("disk");
        try (EventLoop loop = EventLoop.start("mono")) {
            StepVerifier.create(mono(loop, () -> "OK")).expectNext("OK").verifyComplete();
            StepVerifier.create(mono(loop, () -> null)).verifyComplete();
            StepVerifier.create(mono(loop, () -> {})).verifyComplete();
            StepVerifier.create(
                            mono(
                                    loop,
                                    () -> {
                                        throw checked;
                                    }))
                    .verifyErrorMatches(e -> e == checked);
        }
    }

    @Test
    void theSameException_afterAnyNumberOfCrossings() {
        IOException checked = new IOException("disk");
        IllegalStateException unchecked = new IllegalStateException("state");
        try (EventLoop loop = EventLoop.start("mono")) {
            for (Exception e : List.of(checked, unchecked)) {
                Mono<Object> mono = Mono.error(e);
                for (int i = 0; i < 5; i++) {
                    Mono<Object> inner = mono;
                    mono = mono(loop, () -> await(inner));
                }
                StepVerifier.create(mono).verifyErrorMatches(end -> end == e);
            }
        }
        assertThat(checked.getSuppressed()).isEmpty();
    }

    @Test
    void inDebugMode_aFailureShowsWhereItWasAwaited_once() {
        IOException checked = new IOException("disk");
        try (EventLoop loop = EventLoop.builder().clock(new VirtualClock()).debug(true).build()) {
            loop.run(() -> {
                Mono<Object> mono = Mono.error(checked);
                for (int i = 0; i < 5; i++) {
                    Mono<Object> inner = mono;
                    mono = mono(() -> await(inner));
                }
                Mono<Object> all = mono;
                assertThatThrownBy(() -> await(all)).hasCause(checked);
            });
        }
        assertThat(checked.getSuppressed()).singleElement().asString().contains("awaited here");
        assertThat(checked.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(MonoTest.class.getName()));
    }

    @Test
    void disposedWhileSuspended_theBodyIsCancelledThere_andTheSubscriberHearsNothing() {
        watchDropped();
        VirtualClock.run(() -> {
            Disposable subscription =
                    mono(
                                    () -> {
                                        try {
                                            sleep(ofHours(1));
                                            return "never";
                                        } finally {
                                            trail.add("clean-up");
                                            sleep(ofMillis(10));
                                            trail.add("cleaned up");
                                        }
                                    })
                            .doOnCancel(() -> trail.add("cancel"))
                            .subscribe(trail::add, trail::add, () -> trail.add("complete"));
            sleep(ofSeconds(1));
            subscription.dispose();
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("cancel", "clean-up", "cleaned up");
            assertThat(allTasks()).containsExactly(currentTask());
        });
        assertThat(dropped).isEmpty();
    }

    @Test
    void disposedBeforeItsFirstStep_theBodyNeverBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body")).subscribe().dispose();
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    @Test
    void cancelledInOnSubscribe_theBodyNeverBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body"))
                    .subscribe(
                            new BaseSubscriber<>() {
                                @Override
                                protected void hookOnSubscribe(Subscription subscription) {
                                    subscription.cancel();
                                }
                            });
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    @Test
    void whatFailsAfterACancel_isDroppedOnce_aMereCancellationIsSilent() {
        watchDropped();
        IllegalStateException late = new IllegalStateException("late");
        VirtualClock.run(() -> {
            Disposable fails =
                    mono(
                                    () -> {
                                        try {
                                            sleep(ofHours(1));
                                            return 1;
                                        } finally {
                                            bad(late);
                                        }
                                    })
                            .subscribe();
            Disposable passes = mono(() -> sleep(ofHours(1))).subscribe();
            sleep(ofSeconds(1));
            fails.dispose();
            passes.dispose();
            sleep(ofSeconds(1));
        });
        assertThat(dropped).containsExactly(late);
    }

    private static void bad(RuntimeException e) {
        throw e;
    }

    @Test
    void theBodysOwnTimeoutOrCancellation_isAnError_notASilence() {
        CancellationException own = new CancellationException("own");
        VirtualClock.run(() -> {
            mono(() -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))
                    .doOnCancel(() -> trail.add("cancel"))
                    .subscribe(null, e -> trail.add(e.getClass()));
            mono(
                            () -> {
                                throw own;
                            })
                    .subscribe(null, trail::add);
            sleep(ofSeconds(2));
        });
        assertThat(trail).containsExactly(own, AsyncTimeoutException.class);
    }

    @Test
    void aValueAfterTheCancel_isDiscarded() {
        VirtualClock.run(() -> {
            Promise<String> value = currentLoop().newPromise();
            Disposable subscription =
                    mono(
                                    () -> {
                                        try {
                                            return value.await();
                                        } catch (CancellationException e) {
                                            return "stubborn";
                                        }
                                    })
                            .doOnDiscard(String.class, trail::add)
                            .subscribe(v -> trail.add("value"));
            sleep(ofSeconds(1));
            subscription.dispose();
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("stubborn");
        });
    }

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
    void theBodyRunsOnItsLoop_whereverItIsSubscribed() throws Exception {
        try (EventLoop loop = EventLoop.start("own")) {
            Mono<Boolean> mono = mono(loop, () -> currentLoop() == loop && loop.inLoop());
            assertThat(mono.block()).isTrue();
            assertThat(mono.map(in -> in && loop.inLoop()).toFuture().get()).isTrue();
        }
    }

    @Test
    void withoutALoop_itIsTheCurrentOne_elseTheSharedOne() {
        Mono<EventLoop> mono = mono(() -> currentLoop());
        EventLoop shared = mono.block();
        assertThat(shared).isNotNull().isSameAs(mono.block());
        assertThat(shared.name()).isEqualTo("rondo-shared");
        VirtualClock.run(() -> assertThat(await(mono)).isSameAs(currentLoop()));
    }

    @Test
    void onAClosedLoop_itIsRejected() {
        EventLoop loop = EventLoop.start("closed");
        loop.close();
        StepVerifier.create(mono(loop, () -> 1)).verifyError(RejectedExecutionException.class);
    }

    @Test
    void aLoopThatCloses_isAnError_notAHang() {
        EventLoop loop = EventLoop.start("closing");
        CompletableFuture<Object> end = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        mono(
                        loop,
                        () -> {
                            begun.countDown();
                            sleep(ofHours(1));
                        })
                .subscribe(null, end::complete, () -> end.complete("complete"));
        awaitLatch(begun);
        loop.close();
        assertThat(end.join()).isInstanceOf(CancellationException.class);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itTakesPartInAssemblyHooks_checkpoints_andScans() {
        Hooks.onOperatorDebug();
        try (EventLoop loop = EventLoop.start("hooks")) {
            Mono<Object> mono =
                    mono(
                            loop,
                            () -> {
                                throw new IllegalStateException("boom");
                            });
            assertThatThrownBy(mono::block)
                    .satisfies(e ->
                            assertThat(e.getSuppressed())
                                    .anyMatch(s ->
                                            String.valueOf(s.getMessage())
                                                    .contains(
                                                            "producer"
                                                                + " [dev.rondo.reactor.CoroutineMono]")));
        }
        Hooks.resetOnOperatorDebug();
        Scannable scan = Scannable.from(mono(() -> 1));
        assertThat(scan.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        VirtualClock.run(() -> {
            List<Scannable> seen = new ArrayList<>();
            mono(() -> sleep(ofSeconds(1)))
                    .subscribe(
                            new BaseSubscriber<>() {
                                @Override
                                protected void hookOnSubscribe(Subscription subscription) {
                                    seen.add(Scannable.from(subscription));
                                    subscription.request(3);
                                }
                            });
            Scannable subscription = seen.getFirst();
            assertThat(subscription.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(3L);
            assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isFalse();
            assertThat(subscription.scan(Scannable.Attr.CANCELLED)).isFalse();
            sleep(ofSeconds(2));
            assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isTrue();
        });
    }

    @Test
    void nulls_areRefusedAtTheCall() {
        assertThatThrownBy(() -> mono(null, () -> 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> mono((dev.rondo.Coroutine<Object>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> mono((dev.rondo.Action) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> toMono(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> toTask(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> await((Mono<Object>) null))
                .isInstanceOf(NullPointerException.class);
    }

    // A task that runs anyway.

    @Test
    void toMono_everySubscriberGetsTheEnd_earlyOrLate() {
        VirtualClock.run(() -> {
            Task<String> task =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return "value";
                    });
            Mono<String> mono = toMono(task);
            mono.subscribe(v -> trail.add("early " + v));
            sleep(ofSeconds(2));
            mono.subscribe(v -> trail.add("late " + v));
            assertThat(trail).containsExactly("early value", "late value");
        });
    }

    @Test
    void toMono_null_failure_andCancellation() {
        IOException disk = new IOException("disk");
        VirtualClock.run(() -> {
            Task<Void> empty = createTask(() -> {});
            Task<Object> fails =
                    createTask(() -> {
                        throw disk;
                    });
            Task<Void> cancelled = createTask(() -> sleep(ofHours(1)));
            cancelled.cancel("no more");
            for (Task<?> task : List.of(empty, fails, cancelled)) {
                toMono(task).subscribe(trail::add, trail::add, () -> trail.add("complete"));
            }
            sleep(ofSeconds(1));
            assertThat(trail).hasSize(3).startsWith("complete", disk);
            assertThat(trail.get(2))
                    .isInstanceOf(CancellationException.class)
                    .hasToString("java.util.concurrent.CancellationException: no more");
            // Whoever awaits it is not cancelled itself.
            assertThatThrownBy(() -> await(toMono(cancelled)))
                    .isInstanceOf(CancellationException.class);
            assertThat(currentTask().cancelling()).isZero();
        });
    }

    @Test
    void toMono_disposing_leavesTheTaskAlone() {
        VirtualClock.run(() -> {
            Task<String> task =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return "value";
                    });
            Disposable subscription = toMono(task).subscribe(trail::add);
            yieldNow();
            subscription.dispose();
            assertThat(task.await()).isEqualTo("value");
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void toMono_ofAnotherLoopsTask_fromAPlainThread() {
        try (EventLoop loop = EventLoop.start("other")) {
            assertThat(toMono(loop.submit(() -> 7)).block(ofSeconds(10))).isEqualTo(7);
        }
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

    @Test
    void aThousandCancelled_callNoHook() {
        watchDropped();
        VirtualClock.run(() -> {
            List<Disposable> subscriptions = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                subscriptions.add(
                        mono(() -> sleep(ofHours(1)))
                                .doOnCancel(() -> trail.add("cancel"))
                                .subscribe(null, e -> trail.add("error")));
            }
            sleep(ofSeconds(1));
            subscriptions.forEach(Disposable::dispose);
            sleep(ofSeconds(1));
            assertThat(trail).hasSize(1000).containsOnly("cancel");
            assertThat(allTasks()).containsExactly(currentTask());
        });
        assertThat(dropped).isEmpty();
    }
}
