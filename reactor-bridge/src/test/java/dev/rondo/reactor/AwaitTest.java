package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Publishers awaited in a coroutine: values, errors, cancels, threads. */
class AwaitTest extends AwaitFixture {
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
