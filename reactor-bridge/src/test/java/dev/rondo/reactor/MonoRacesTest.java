package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.BiConsumer;

/**
 * Two threads at once, many thousands of times: whatever the winner, a subscriber hears at most one
 * end, a value is delivered or discarded or never made, and nothing is left on the loop.
 */
class MonoRacesTest {
    private static final int ROUNDS = 10_000;

    private final List<Object> problems = new CopyOnWriteArrayList<>();
    private final AtomicInteger discarded = new AtomicInteger();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final Phaser start = new Phaser(2);

    @BeforeEach
    void watchHooks() {
        Hooks.onErrorDropped(problems::add);
        // Reactor's own sink tells of a value after a cancel in one way or the other.
        Hooks.onNextDropped(value -> discarded.incrementAndGet());
    }

    @AfterEach
    void reset() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
        pool.shutdownNow();
    }

    /** Counts its signals. */
    private final class Counting implements CoreSubscriber<Integer> {
        private final long demand;
        private final AtomicInteger values = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile Subscription subscription;

        Counting(long demand) {
            this.demand = demand;
        }

        @Override
        public Context currentContext() {
            return Context.of(
                    "reactor.onDiscard.local",
                    (java.util.function.Consumer<Object>) value -> discarded.incrementAndGet());
        }

        @Override
        public void onSubscribe(Subscription own) {
            subscription = own;
            if (demand > 0) {
                own.request(demand);
            }
        }

        @Override
        public void onNext(Integer value) {
            if (values.incrementAndGet() > 1 || ends.get() > 0) {
                problems.add("a second value, or one after the end");
            }
        }

        @Override
        public void onError(Throwable failure) {
            problems.add(failure);
            end();
        }

        @Override
        public void onComplete() {
            end();
        }

        private void end() {
            if (ends.incrementAndGet() > 1) {
                problems.add("a second end");
            }
            over.countDown();
        }
    }

    /** Lets two actions go at the same moment, and waits for both. */
    private void race(Runnable one, Runnable other) throws Exception {
        Future<?> first = pool.submit(() -> go(one));
        Future<?> second = pool.submit(() -> go(other));
        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
    }

    private void go(Runnable action) {
        start.arriveAndAwaitAdvance();
        action.run();
    }

    private void checkNothingLeft(EventLoop loop) {
        int left =
                loop.submit(
                                () -> {
                                    // What was cancelled ends within a few passes.
                                    for (int i = 0; i < 10; i++) {
                                        yieldNow();
                                    }
                                    return allTasks().size();
                                })
                        .join();
        assertThat(left).isEqualTo(1);
        assertThat(problems).isEmpty();
    }

    private int rounds(EventLoop loop, long demand, BiConsumer<Mono<Integer>, Counting> round) {
        int delivered = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Counting subscriber = new Counting(demand);
            round.accept(mono(loop, () -> 1), subscriber);
            delivered += subscriber.values.get();
        }
        checkNothingLeft(loop);
        return delivered;
    }

    private void raceUnchecked(Runnable one, Runnable other) {
        try {
            race(one, other);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void cancelAgainstCompletion() {
        try (EventLoop loop = EventLoop.start("races")) {
            int delivered =
                    rounds(
                            loop,
                            1,
                            (mono, subscriber) ->
                                    raceUnchecked(
                                            () -> mono.subscribe(subscriber),
                                            () -> {
                                                while (subscriber.subscription == null) {
                                                    Thread.onSpinWait();
                                                }
                                                subscriber.subscription.cancel();
                                            }));
            assertThat(delivered).isBetween(0, ROUNDS);
        }
    }

    @Test
    void cancelAgainstRequest_theValueIsDeliveredOrDiscarded() {
        try (EventLoop loop = EventLoop.start("races")) {
            int delivered =
                    rounds(
                            loop,
                            0,
                            (mono, subscriber) -> {
                                mono.subscribe(subscriber);
                                raceUnchecked(
                                        () -> subscriber.subscription.request(1),
                                        () -> subscriber.subscription.cancel());
                            });
            assertThat(delivered + discarded.get()).isLessThanOrEqualTo(ROUNDS);
        }
    }

    @Test
    void requestAgainstTheValue_isNeverLost() {
        try (EventLoop loop = EventLoop.start("races")) {
            int delivered =
                    rounds(
                            loop,
                            0,
                            (mono, subscriber) -> {
                                raceUnchecked(
                                        () -> mono.subscribe(subscriber),
                                        () -> {
                                            while (subscriber.subscription == null) {
                                                Thread.onSpinWait();
                                            }
                                            subscriber.subscription.request(1);
                                        });
                                awaitEnd(subscriber);
                            });
            assertThat(delivered).isEqualTo(ROUNDS);
        }
    }

    private static void awaitEnd(Counting subscriber) {
        try {
            assertThat(subscriber.over.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWaitersCancelAgainstTheSource_endsEitherWay_andTheValueIsNotLost() throws Exception {
        AtomicInteger got = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        try (EventLoop loop = EventLoop.start("races")) {
            for (int i = 0; i < ROUNDS; i++) {
                CompletableFuture<MonoSink<Integer>> sink = new CompletableFuture<>();
                Mono<Integer> source = Mono.create(sink::complete);
                CompletableFuture<Task<?>> waiter = new CompletableFuture<>();
                Counting subscriber = new Counting(1);
                mono(
                                loop,
                                () -> {
                                    waiter.complete(currentTask());
                                    try {
                                        Integer value = await(source);
                                        got.incrementAndGet();
                                        return value;
                                    } catch (CancellationException e) {
                                        cancelled.incrementAndGet();
                                        return null;
                                    }
                                })
                        .subscribe(subscriber);
                MonoSink<Integer> value = sink.get(20, TimeUnit.SECONDS);
                Task<?> task = waiter.get();
                race(() -> value.success(1), task::cancel);
                awaitEnd(subscriber);
            }
            checkNothingLeft(loop);
        }
        assertThat(got.get() + cancelled.get()).isEqualTo(ROUNDS);
        // Each value that was not got has been discarded: by the waiter, or by the sink itself.
        assertThat(discarded.get()).isEqualTo(cancelled.get());
    }

    @Test
    void manySubscribersFromManyThreads_ofOneTask() throws Exception {
        try (EventLoop loop = EventLoop.start("races")) {
            for (int i = 0; i < ROUNDS / 10; i++) {
                Promise<Integer> promise = loop.newPromise();
                Task<Integer> task = loop.submit(() -> promise.await());
                Mono<Integer> mono = toMono(task);
                Counting stays = new Counting(1);
                Counting leaves = new Counting(1);
                mono.subscribe(stays);
                mono.subscribe(leaves);
                race(() -> promise.complete(1), () -> leaves.subscription.cancel());
                awaitEnd(stays);
                assertThat(stays.values).hasValue(1);
            }
            checkNothingLeft(loop);
        }
    }

    /** Shows that a lost request would be seen: one that looks before it says that it waits. */
    @Test
    void aBrokenTwin_losesARequest() {
        AtomicInteger lost = new AtomicInteger();
        for (int i = 0; i < ROUNDS && lost.get() == 0; i++) {
            AtomicLong requested = new AtomicLong();
            AtomicReference<CountDownLatch> starving = new AtomicReference<>();
            raceUnchecked(
                    () -> {
                        if (requested.get() == 0) {
                            // The gap, made wide: the request comes in it.
                            for (int spin = 0; spin < 10_000 && requested.get() == 0; spin++) {
                                Thread.onSpinWait();
                            }
                            starving.set(new CountDownLatch(1));
                        }
                    },
                    () -> {
                        requested.incrementAndGet();
                        CountDownLatch waiting = starving.get();
                        if (waiting != null) {
                            waiting.countDown();
                        }
                    });
            CountDownLatch waiting = starving.get();
            lost.addAndGet(waiting != null && waiting.getCount() > 0 ? 1 : 0);
        }
        assertThat(lost.get()).isPositive();
    }
}
