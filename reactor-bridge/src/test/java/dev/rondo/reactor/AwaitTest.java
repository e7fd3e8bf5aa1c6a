package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.Stream;

/** Publishers awaited in a coroutine, well-behaved ones and others. */
class AwaitTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private final List<Object> dropped = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watchHooks() {
        Hooks.onErrorDropped(dropped::add);
        Hooks.onNextDropped(dropped::add);
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
    }

    @Test
    void whatCompletesAtOnce_doesNotSuspend() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("something else"));
            for (int i = 0; i < 1000; i++) {
                assertThat(await(Mono.just(i))).isEqualTo(i);
                int next = await(Mono.just(i).map(v -> v + 1));
                assertThat(next).isEqualTo(i + 1);
                assertThat(ReactorBridge.<Object>await(Mono.empty())).isNull();
                assertThat(await(Flux.just(1, 2, i))).isEqualTo(i);
                assertThat(awaitFirst(Flux.just(i, 2, 1))).isEqualTo(i);
            }
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void onlyLastFirstOptional() {
        VirtualClock.run(() -> {
            assertThat(await((Publisher<Integer>) Mono.just(1))).isEqualTo(1);
            assertThat(await(Flux.range(1, 5))).isEqualTo(5);
            assertThat(await(Flux.<Integer>empty())).isNull();
            assertThat(awaitFirst(Flux.range(1, 5))).isEqualTo(1);
            assertThat(awaitFirst(Flux.<Integer>empty())).isNull();
            assertThat(awaitOptional(Flux.range(1, 5))).contains(5);
            assertThat(awaitOptional(Mono.empty())).isEmpty();
        });
    }

    @Test
    void awaitFirst_asksForOne_andCancelsTheRest() {
        VirtualClock.run(() -> {
            Integer first =
                    awaitFirst(
                            Flux.range(1, 5)
                                    .doOnRequest(n -> trail.add("request " + n))
                                    .doOnCancel(() -> trail.add("cancel")));
            assertThat(first).isEqualTo(1);
            assertThat(trail).containsExactly("request 1", "cancel");
        });
    }

    @Test
    void ofAStream_theLastCounts_andTheOthersAreDiscarded() {
        VirtualClock.run(() -> {
            TestPublisher<String> source = TestPublisher.create();
            Task<String> task = toTask(discarding(() -> await(source.flux())));
            sleep(ofSeconds(1));
            source.emit("a", "b", "c");
            assertThat(task.await()).isEqualTo("c");
            assertThat(trail).containsExactly("a", "b");
        });
    }

    /** What a coroutine discards is told to its own subscriber. */
    private <T> Mono<T> discarding(Coroutine<T> body) {
        return mono(body).doOnDiscard(String.class, trail::add);
    }

    @Test
    void aMono_isAwaitedUntilItCompletes_notUntilItsValue() {
        Async.run(() -> {
            for (int i = 0; i < 500; i++) {
                AtomicBoolean completed = new AtomicBoolean();
                Mono<Integer> slow =
                        Mono.<Integer>create(sink ->
                                        Schedulers.parallel().schedule(() -> sink.success(1)))
                                .transform(mono ->
                                        Mono.fromDirect(subscriber ->
                                                mono.subscribe(new Late(subscriber, completed))));
                assertThat(await(slow)).isEqualTo(1);
                assertThat(completed).isTrue();
            }
        });
    }

    /** Does some work between onNext and onComplete. */
    private record Late(Subscriber<? super Integer> actual, AtomicBoolean completed)
            implements reactor.core.CoreSubscriber<Integer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            actual.onSubscribe(subscription);
        }

        @Override
        public void onNext(Integer value) {
            actual.onNext(value);
        }

        @Override
        public void onError(Throwable failure) {
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            Thread.onSpinWait();
            completed.set(true);
            actual.onComplete();
        }
    }

    @Test
    void anError_isTheSameObject_aCheckedOneInsideACompletionException() {
        IOException checked = new IOException("disk");
        IllegalStateException unchecked = new IllegalStateException("state");
        AssertionError error = new AssertionError("error");
        VirtualClock.run(() -> {
            for (Mono<Integer> late : List.of(Mono.just(1), Mono.just(1).hide())) {
                assertThatThrownBy(() -> await(late.then(Mono.error(unchecked))))
                        .isSameAs(unchecked);
                assertThatThrownBy(() -> await(late.then(Mono.error(error)))).isSameAs(error);
                assertThatThrownBy(() -> await(late.then(Mono.error(checked))))
                        .isInstanceOf(CompletionException.class)
                        .cause()
                        .isSameAs(checked);
            }
        });
        assertThat(dropped).isEmpty();
    }

    @Test
    void aCancelledWaiter_cancelsTheSubscription_beforeItGoesOn() {
        VirtualClock.run(() -> {
            Task<Object> task =
                    createTask(() -> {
                        try {
                            return await(Mono.never().doOnCancel(() -> trail.add("upstream")));
                        } catch (CancellationException e) {
                            trail.add("waiter");
                            throw e;
                        }
                    });
            sleep(ofSeconds(1));
            task.cancel();
            trail.add("asked");
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("upstream", "asked", "waiter");
        });
    }

    @Test
    void aTimeout_cancelsTheSubscription() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () -> await(Mono.never().doOnCancel(() -> trail.add("up")))))
                    .isInstanceOf(dev.rondo.AsyncTimeoutException.class);
            assertThat(trail).containsExactly("up");
        });
    }

    @Test
    void aValueThatCrossesWithACancel_isDiscarded_anErrorIsDropped() {
        IllegalStateException boom = new IllegalStateException("boom");
        VirtualClock.run(() -> {
            for (Object end : List.of("value", boom)) {
                Sinks.One<Object> sink = Sinks.one();
                List<Task<?>> tasks = new ArrayList<>();
                discarding(
                                () -> {
                                    tasks.add(currentTask());
                                    return await(sink.asMono());
                                })
                        .subscribe(v -> trail.add("delivered"), e -> trail.add(e.getClass()));
                sleep(ofSeconds(1));
                Task<?> task = tasks.getFirst();
                if (end instanceof Throwable failure) {
                    sink.tryEmitError(failure).orThrow();
                } else {
                    sink.tryEmitValue(end).orThrow();
                }
                // It has ended, but the task has yet to run.
                task.cancel();
                assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            }
            sleep(ofSeconds(1));
            assertThat(trail)
                    .containsExactly(
                            "value", CancellationException.class, CancellationException.class);
            assertThat(dropped).containsExactly(boom);
        });
    }

    @Test
    void outsideACoroutine_itIsRefused_beforeItSubscribes() {
        Mono<Integer> mono = Mono.fromCallable(() -> 1).doOnSubscribe(s -> trail.add("subscribed"));
        assertThatThrownBy(() -> await(mono))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only a coroutine can await a publisher");
        VirtualClock.run(() -> {
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            currentLoop()
                    .callSoon(() -> {
                        try {
                            await(mono);
                        } catch (Throwable e) {
                            refused.complete(e);
                        }
                    });
            assertThat(await(refused)).isInstanceOf(IllegalStateException.class);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void signalsFromAnyThread() {
        Async.run(() -> {
            for (int i = 0; i < 300; i++) {
                int n = i;
                Integer value =
                        await(Mono.fromCallable(() -> n).subscribeOn(Schedulers.parallel()));
                assertThat(value).isEqualTo(n);
                assertThat(currentLoop().inLoop()).isTrue();
            }
        });
    }

    // Tasks and gather.

    @Test
    void toTask_subscribesAtOnce_andItsCancelDisposes() {
        VirtualClock.run(() -> {
            Task<Integer> task = toTask(Mono.just(1).doOnSubscribe(s -> trail.add("subscribed")));
            assertThat(trail).containsExactly("subscribed");
            assertThat(task.await()).isEqualTo(1);
            Task<Object> never = toTask(Mono.never().doOnCancel(() -> trail.add("disposed")));
            assertThat(never.isDone()).isFalse();
            never.cancel();
            assertThat(trail).endsWith("disposed");
            assertThatThrownBy(never::await).isInstanceOf(CancellationException.class);
            assertThat(never.isCancelled()).isTrue();
            assertThat(never.cancelling()).isEqualTo(1);
        });
    }

    @Test
    void toTask_thatIsAwaitedAndCancelled_disposes() {
        VirtualClock.run(() -> {
            Task<Object> outer =
                    createTask(
                            () -> toTask(Mono.never().doOnCancel(() -> trail.add("up"))).await());
            sleep(ofSeconds(1));
            outer.cancel();
            sleep(ofSeconds(1));
            assertThat(outer.isCancelled()).isTrue();
            assertThat(trail).containsExactly("up");
        });
    }

    @Test
    void gatherOfPublishers_keepsTheOrder_andPutsNullForEmpty() {
        VirtualClock.run(() -> {
            assertThat(
                            ReactorBridge.<Object>gather(
                                            mono(() -> {
                                                sleep(ofSeconds(2));
                                                return "slow";
                                            }),
                                            Mono.empty(),
                                            Flux.just(1, 2, 3),
                                            Mono.just("fast"))
                                    .await())
                    .containsExactly("slow", null, 3, "fast");
            assertThat(ReactorBridge.<Object>gather(new Mono<?>[0]).await()).isEmpty();
        });
    }

    @Test
    void gatherOfPublishers_theFirstErrorCancelsTheOthers_soDoesACancel() {
        IllegalStateException boom = new IllegalStateException("boom");
        VirtualClock.run(() -> {
            Task<List<Object>> fails =
                    gather(
                            Mono.never().doOnCancel(() -> trail.add("a")),
                            mono(() -> {
                                sleep(ofSeconds(1));
                                throw boom;
                            }));
            assertThatThrownBy(fails::await).isSameAs(boom);
            assertThat(trail).containsExactly("a");
            Task<List<Object>> cancelled =
                    gather(
                            Mono.never().doOnCancel(() -> trail.add("b")),
                            Mono.never().doOnCancel(() -> trail.add("c")));
            cancelled.cancel();
            assertThat(trail).containsExactly("a", "b", "c");
        });
    }

    @Test
    void aMixedGather_ofTasksMonosAndCoroutines() {
        VirtualClock.run(() -> {
            Task<String> task = createTask(() -> "task");
            assertThat(gather(List.of(task, toTask(Mono.just("mono")), coroutine())).await())
                    .containsExactly("task", "mono", "coroutine");
            assertThat(gather(task, toTask(Mono.just("mono"))).await())
                    .containsExactly("task", "mono");
        });
    }

    private static Coroutine<String> coroutine() {
        return () -> "coroutine";
    }

    @Test
    void zip_hasMonoZipsSemantics() {
        IllegalStateException boom = new IllegalStateException("boom");
        VirtualClock.run(() -> {
            assertThat(await(zip(() -> 1, () -> "b")).toList()).containsExactly(1, "b");
            assertThat(await(zip(() -> 1, () -> 2, () -> 3)).size()).isEqualTo(3);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4)).size()).isEqualTo(4);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5)).toList())
                    .containsExactly(1, 2, 3, 4, 5);
            assertThat(await(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6)).getT6())
                    .isEqualTo(6);
            assertThat(
                            await(
                                            zip(
                                                    () -> 1, () -> 2, () -> 3, () -> 4, () -> 5,
                                                    () -> 6, () -> 7))
                                    .getT7())
                    .isEqualTo(7);
            assertThat(
                            await(
                                            zip(
                                                    () -> 1, () -> 2, () -> 3, () -> 4, () -> 5,
                                                    () -> 6, () -> 7, () -> 8))
                                    .toList())
                    .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(await(ReactorBridge.<Integer>zip(List.of(() -> 1, () -> 2))))
                    .containsExactly(1, 2);
            assertThat(await(ReactorBridge.<Integer>zip(List.of()))).isNull();

            // One that is empty ends it, and cancels the others.
            assertThat(await(ReactorBridge.<Object>zip(List.of(() -> null, () -> slow("empty")))))
                    .isNull();
            assertThatThrownBy(() ->
                            await(
                                    zip(
                                            () -> slow("failure"),
                                            () -> {
                                                throw boom;
                                            })))
                    .isSameAs(boom);
            sleep(ofSeconds(1));
            assertThat(trail).containsExactly("empty cancelled", "failure cancelled");
            assertThat(allTasks()).containsExactly(currentTask());
        });
    }

    private Object slow(String name) {
        try {
            sleep(ofHours(1));
            return name;
        } catch (CancellationException e) {
            trail.add(name + " cancelled");
            throw e;
        }
    }

    @Test
    void zip_startsAllInOrder_andRunsThemOnOneThread() {
        VirtualClock.run(() -> {
            await(
                    zip(
                            () -> {
                                trail.add("a");
                                sleep(ofSeconds(2));
                                return trail.add("a ends");
                            },
                            () -> {
                                trail.add("b");
                                sleep(ofSeconds(1));
                                return trail.add("b ends");
                            }));
            assertThat(trail).containsExactly("a", "b", "b ends", "a ends");
        });
    }

    // Publishers that break the rules.

    private interface Signals {
        void to(Subscriber<? super String> subscriber);
    }

    private static final class Recorded implements Subscription {
        private final List<Object> trail;

        Recorded(List<Object> trail) {
            this.trail = trail;
        }

        @Override
        public void request(long n) {
            trail.add("request");
        }

        @Override
        public void cancel() {
            trail.add("cancel");
        }
    }

    private Object outcomeOf(Signals signals) {
        return VirtualClock.run(() -> {
            trail.clear();
            dropped.clear();
            Publisher<String> publisher = signals::to;
            try {
                return timeout(ofSeconds(10), () -> await(publisher));
            } catch (RuntimeException | Error e) {
                return e;
            }
        });
    }

    @Test
    void aSecondSubscription_isCancelled() {
        Object outcome =
                outcomeOf(s -> {
                    s.onSubscribe(new Recorded(trail));
                    s.onSubscribe(new Recorded(trail));
                    s.onNext("value");
                    s.onComplete();
                });
        assertThat(outcome).isEqualTo("value");
        assertThat(trail).containsExactly("request", "cancel");
    }

    @Test
    void signalsAfterTheEnd_goToTheHooks() {
        IllegalStateException late = new IllegalStateException("late");
        Object outcome =
                outcomeOf(s -> {
                    s.onSubscribe(new Recorded(trail));
                    s.onNext("value");
                    s.onComplete();
                    s.onNext("more");
                    s.onError(late);
                    s.onComplete();
                });
        assertThat(outcome).isEqualTo("value");
        assertThat(dropped).containsExactly("more", late);
    }

    @Test
    void signalsBeforeTheSubscription_count() {
        assertThat(
                        outcomeOf(s -> {
                            s.onNext("early");
                            s.onComplete();
                        }))
                .isEqualTo("early");
        IllegalStateException early = new IllegalStateException("early");
        assertThat(outcomeOf(s -> s.onError(early))).isSameAs(early);
    }

    @Test
    void subscribeThrows_alsoWhatIsFatalToTheJvm() {
        for (Throwable thrown :
                List.of(
                        new IllegalStateException("in subscribe"),
                        new StackOverflowError("fatal"),
                        new NoClassDefFoundError("fatal too"))) {
            assertThat(
                            outcomeOf(s -> {
                                s.onSubscribe(new Recorded(trail));
                                sneaky(thrown);
                            }))
                    .isSameAs(thrown);
            assertThat(trail).containsExactly("request", "cancel");
            assertThat(outcomeOf(s -> sneaky(thrown))).isSameAs(thrown);
            assertThat(
                            outcomeOf(s -> {
                                s.onSubscribe(new Recorded(trail));
                                s.onNext("value");
                                s.onComplete();
                                sneaky(thrown);
                            }))
                    .isEqualTo("value");
            assertThat(dropped).containsExactly(thrown);
        }
        VirtualClock.run(() -> {
            Mono<Object> fatal =
                    Mono.create(sink -> {
                        throw new StackOverflowError("out of create");
                    });
            assertThatThrownBy(() -> await(fatal)).isInstanceOf(StackOverflowError.class);
        });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneaky(Throwable e) throws E {
        throw (E) e;
    }

    @Test
    void aMonoThatOverproduces_givesItsFirst() {
        VirtualClock.run(() -> {
            Mono<String> bad =
                    new Mono<>() {
                        @Override
                        public void subscribe(reactor.core.CoreSubscriber<? super String> actual) {
                            actual.onSubscribe(new Recorded(trail));
                            actual.onNext("first");
                            actual.onNext("second");
                            actual.onComplete();
                        }
                    };
            assertThat(await(bad)).isEqualTo("first");
            assertThat(dropped).containsExactly("second");
        });
    }

    @Test
    void aSubscriptionThatComesLate_isCancelledIfTheWaiterIsGone() {
        VirtualClock.run(() -> {
            List<Subscriber<?>> subscribers = new ArrayList<>();
            Publisher<String> slow = subscribers::add;
            Task<String> task = createTask(() -> await(slow));
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            subscribers.getFirst().onSubscribe(new Recorded(trail));
            assertThat(trail).containsExactly("cancel");
            subscribers.getFirst().onError(new CancellationException("mere"));
            assertThat(dropped).isEmpty();
        });
    }

    @Test
    void aPublisherThatNeverSignals_canStillBeCancelled() {
        assertThat(outcomeOf(s -> {})).isInstanceOf(dev.rondo.AsyncTimeoutException.class);
    }

    @Test
    void manyAtOnce_leaveNothingOnTheLoop() {
        VirtualClock.run(() -> {
            List<Task<Integer>> tasks =
                    Stream.generate(() ->
                                    createTask(() -> await(Mono.delay(ofMillis(1)).map(t -> 1))))
                            .limit(64)
                            .toList();
            assertThat(gather(tasks).await()).hasSize(64);
            assertThat(allTasks()).containsExactly(currentTask());
        });
        assertThat(dropped).isEmpty();
    }

    @Test
    void anotherLoopsScheduler_comesBackToItsOwn() {
        try (EventLoop other = EventLoop.start("other")) {
            Async.run(() -> {
                EventLoop own = currentLoop();
                assertThat(await(mono(other, () -> currentLoop() == other))).isTrue();
                assertThat(currentLoop()).isSameAs(own);
            });
        }
    }
}
