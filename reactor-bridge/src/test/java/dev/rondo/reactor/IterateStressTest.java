package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Loops over publishers of other threads, thousands of times; and a twin without their care. */
@Timeout(120)
class IterateStressTest {
    /** Gives each element, from a thread that never sleeps, as soon as it is asked for. */
    private static final class Feeder implements Publisher<Integer>, AutoCloseable {
        private final int count;
        private final Consumer<Integer> onMade;
        private final AtomicLong asked = new AtomicLong();
        private volatile boolean stopped;
        private Thread thread;

        Feeder(int count, Consumer<Integer> onMade) {
            this.count = count;
            this.onMade = onMade;
        }

        @Override
        public void subscribe(org.reactivestreams.Subscriber<? super Integer> subscriber) {
            subscriber.onSubscribe(
                    new Subscription() {
                        @Override
                        public void request(long n) {
                            asked.addAndGet(n);
                        }

                        @Override
                        public void cancel() {
                            stopped = true;
                        }
                    });
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                for (int i = 0; i < count; i++) {
                                    while (asked.get() <= i) {
                                        if (stopped) {
                                            return;
                                        }
                                        Thread.onSpinWait();
                                    }
                                    onMade.accept(i);
                                    subscriber.onNext(i);
                                }
                                subscriber.onComplete();
                            });
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            if (thread != null) {
                thread.join();
            }
        }
    }

    @Test
    void closeFromAnotherThread_atEveryPointOfALoop_losesAndLeaksNothing() throws Exception {
        try (EventLoop loop = EventLoop.start("stress")) {
            for (int round = 0; round < 1_000; round++) {
                Set<Integer> made = ConcurrentHashMap.newKeySet();
                Set<Integer> seen = ConcurrentHashMap.newKeySet();
                CompletableFuture<ElementStream<Integer>> opened = new CompletableFuture<>();
                Feeder source = new Feeder(500, made::add);
                Context discarding = Operators.enableOnDiscard(null, v -> seen.add((Integer) v));
                Task<Void> task =
                        loop.submit(() ->
                                FluxProbe.with(
                                        discarding,
                                        () -> {
                                            ElementStream<Integer> stream = iterate(source, 4);
                                            opened.complete(stream);
                                            for (int value : stream) {
                                                seen.add(value);
                                            }
                                        }));
                ElementStream<Integer> stream = opened.join();
                for (int spin = ThreadLocalRandom.current().nextInt(5_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                stream.close();
                try {
                    task.join();
                } catch (IllegalStateException closedBeforeTheLoop) {
                    assertThat(made).isEmpty();
                }
                source.close();
                // What was on its way is discarded on the loop.
                loop.submit(() -> {}).join();
                assertThat(seen).isEqualTo(made);
            }
        }
    }

    @Test
    void eachElementFromAnotherThread_wakesTheCoroutine() throws Exception {
        for (int prefetch : List.of(1, 2, 8)) {
            int count = 30_000;
            try (EventLoop loop = EventLoop.start("stress");
                    Feeder feeder = new Feeder(count, made -> {})) {
                int got =
                        loop.submit(
                                        () -> {
                                            int n = 0;
                                            for (int value : iterate(feeder, prefetch)) {
                                                assertThat(value).isEqualTo(n++);
                                            }
                                            return n;
                                        })
                                .join();
                assertThat(got).isEqualTo(count);
            }
        }
    }

    /** As Arrivals, but it reads the promise and then clears the field, in two steps. */
    private static final class Forgetful implements CoreSubscriber<Integer>, Iterator<Integer> {
        private final EventLoop loop;
        private final Queue<Integer> arrived = new ConcurrentLinkedQueue<>();
        private volatile Promise<Void> waiter;
        private volatile boolean over;
        private Subscription subscription;

        Forgetful(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void onSubscribe(Subscription own) {
            subscription = own;
            own.request(1);
        }

        @Override
        public void onNext(Integer value) {
            arrived.add(value);
            wake();
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            over = true;
            wake();
        }

        private void wake() {
            Promise<Void> waiting = waiter;
            if (waiting != null) {
                // The gap, wider than it would be, so that it takes no luck to fall into it.
                for (int i = 0; i < 500; i++) {
                    Thread.onSpinWait();
                }
                waiter = null;
                waiting.tryComplete(null);
            }
        }

        @Override
        public boolean hasNext() {
            while (arrived.isEmpty() && !over) {
                Promise<Void> more = loop.newPromise();
                waiter = more;
                if (arrived.isEmpty() && !over) {
                    more.await();
                }
                waiter = null;
            }
            return !arrived.isEmpty();
        }

        @Override
        public Integer next() {
            subscription.request(1);
            return arrived.remove();
        }
    }

    @Test
    void aTwinThatReadsThePromise_andThenClearsTheField_isCaught() throws Exception {
        boolean hung = false;
        for (int round = 0; round < 20 && !hung; round++) {
            try (EventLoop loop = EventLoop.start("twin");
                    Feeder feeder = new Feeder(30_000, made -> {})) {
                Task<?> task =
                        loop.submit(() -> {
                            Forgetful twin = new Forgetful(loop);
                            feeder.subscribe(twin);
                            twin.forEachRemaining(value -> {});
                        });
                try {
                    task.toCompletableFuture().get(3, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    hung = true;
                }
            }
        }
        assertThat(hung).isTrue();
    }

    @Test
    void aMillionElements_throughAGenerator_operators_andALoop_inConstantMemory() {
        int count = 1_000_000;
        try (EventLoop loop = EventLoop.start("million")) {
            AtomicInteger ahead = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            long sum =
                    loop.submit(
                                    () -> {
                                        Flux<Long> source =
                                                flux(
                                                                (Emitter<Integer> emitter) -> {
                                                                    for (int i = 0;
                                                                            i < count;
                                                                            i++) {
                                                                        most.accumulateAndGet(
                                                                                ahead
                                                                                        .incrementAndGet(),
                                                                                Math::max);
                                                                        emitter.emit(i);
                                                                    }
                                                                })
                                                        .map(i -> (long) i)
                                                        .filter(i -> i >= 0);
                                        long total = 0;
                                        for (long value : iterate(source)) {
                                            ahead.decrementAndGet();
                                            total += value;
                                        }
                                        return total;
                                    })
                            .join();
            assertThat(sum).isEqualTo((long) count * (count - 1) / 2);
            // What waits anywhere between the two ends is no more than the prefetch and the one
            // held.
            assertThat(most.get()).isLessThanOrEqualTo(257 + 1);
        }
    }
}
