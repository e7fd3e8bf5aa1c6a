package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.*;
import reactor.util.context.Context;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.Consumer;

/** The streams, from many threads at once, thousands of times. */
@Timeout(120)
class FluxStressTest {
    private static void inPool(int threads, Runnable each) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                pool.execute(each);
            }
        }
    }

    private static void assertNoTasks(EventLoop loop) {
        // Clean-up may still be on its way; a task that never ends is the test's time limit's.
        while (loop.submit(() -> allTasks().size()).join() > 1) {
            Thread.onSpinWait();
        }
    }

    /** Checks what it is given: in order, no more than asked for, one call at a time, one end. */
    private static final class Checking implements CoreSubscriber<Integer> {
        final AtomicLong requested = new AtomicLong();
        final List<String> wrongs = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        volatile Subscription subscription;
        volatile int got;

        void request(long n) {
            requested.addAndGet(n);
            subscription.request(n);
        }

        @Override
        public void onSubscribe(Subscription own) {
            subscription = own;
        }

        @Override
        public void onNext(Integer value) {
            if (inside.incrementAndGet() != 1) {
                wrongs.add("overlaps at " + value);
            }
            if (value != got++) {
                wrongs.add("out of order: " + value);
            }
            if (got > requested.get()) {
                wrongs.add("more than requested at " + value);
            }
            if (ends.get() > 0) {
                wrongs.add("after the end: " + value);
            }
            inside.decrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            wrongs.add(failure.toString());
            end();
        }

        @Override
        public void onComplete() {
            end();
        }

        private void end() {
            if (inside.get() != 0 || ends.incrementAndGet() != 1) {
                wrongs.add("a second end, or one within onNext");
            }
            ended.countDown();
        }
    }

    @Test
    void fiftyThousandRequestsOfOne_fromAPool() throws Exception {
        int count = 50_000;
        try (EventLoop loop = EventLoop.start("stress")) {
            Checking subscriber = new Checking();
            flux(
                            loop,
                            (Emitter<Integer> emitter) -> {
                                for (int i = 0; i < count; i++) {
                                    emitter.emit(i);
                                }
                            })
                    .subscribe(subscriber);
            inPool(
                    4,
                    () -> {
                        for (int i = 0; i < count / 4; i++) {
                            subscriber.request(1);
                        }
                    });
            subscriber.ended.await();
            assertThat(subscriber.wrongs).isEmpty();
            assertThat(subscriber.got).isEqualTo(count);
            assertNoTasks(loop);
        }
    }

    @Test
    void tasksOfTheBody_andRequestsFromAPool_meet_eachElementOnce() throws Exception {
        try (EventLoop loop = EventLoop.start("stress")) {
            for (int round = 0; round < 50; round++) {
                int count = 400;
                AtomicInteger next = new AtomicInteger();
                Checking subscriber = new Checking();
                flux(
                                loop,
                                (Emitter<Integer> emitter) ->
                                        taskGroup(group -> {
                                            for (int i = 0; i < count; i++) {
                                                group.createTask(
                                                        () -> emitter.emit(next.getAndIncrement()));
                                            }
                                        }))
                        .subscribe(subscriber);
                inPool(
                        3,
                        () -> {
                            for (int i = 0; i < count; i++) {
                                subscriber.request(1);
                            }
                        });
                subscriber.ended.await();
                assertThat(subscriber.wrongs).isEmpty();
                assertThat(subscriber.got).isEqualTo(count);
            }
        }
    }

    @Test
    void cancelFromAnotherThread_atEveryPointOfAStream() {
        try (EventLoop loop = EventLoop.start("stress")) {
            Queue<String> wrongs = new ConcurrentLinkedQueue<>();
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger cleaned = new AtomicInteger();
            Emitter.Body<Integer> body =
                    emitter -> {
                        begun.incrementAndGet();
                        boolean whole = false;
                        try {
                            for (int i = 0; i < 200; i++) {
                                emitter.emit(i);
                                if (i % 3 == 0) {
                                    yieldNow();
                                }
                            }
                            whole = true;
                        } finally {
                            try {
                                yieldNow();
                                yieldNow();
                            } catch (CancellationException e) {
                                if (!whole) {
                                    wrongs.add("the clean-up was cancelled");
                                }
                            }
                            cleaned.incrementAndGet();
                        }
                    };
            inPool(
                    3,
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            Checking subscriber = new Checking();
                            flux(loop, body).subscribe(subscriber);
                            subscriber.request(i % 2 == 0 ? 1_000 : 1 + i % 25);
                            while (i % 3 > 0 && subscriber.got == 0) {
                                Thread.onSpinWait();
                            }
                            for (int spin = ThreadLocalRandom.current().nextInt(3_000);
                                    spin > 0;
                                    spin--) {
                                Thread.onSpinWait();
                            }
                            subscriber.subscription.cancel();
                            if (i % 5 == 0) {
                                subscriber.subscription.cancel();
                            }
                            wrongs.addAll(subscriber.wrongs);
                        }
                    });
            assertNoTasks(loop);
            assertThat(begun.get()).isGreaterThan(1_000);
            assertThat(wrongs).isEmpty();
            assertThat(cleaned.get()).isEqualTo(begun.get());
        }
    }

    @Test
    void loopsThatClose_whileTheySubscribed_giveOneEndEach() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventLoop loop = EventLoop.start("closing");
            Flux<Integer> flux =
                    flux(
                            loop,
                            emitter -> {
                                emitter.emit(0);
                                emitter.emit(1);
                            });
            List<FluxProbe<Integer>> probes = new ArrayList<>();
            Thread closer = Thread.ofPlatform().start(loop::close);
            for (int i = 0; i < 50; i++) {
                FluxProbe<Integer> probe = new FluxProbe<>(9);
                flux.subscribe(probe);
                probes.add(probe);
            }
            closer.join();
            for (FluxProbe<Integer> probe : probes) {
                probe.awaitEnd();
                assertThat(probe.trail.stream().filter(FluxStressTest::isEnd)).hasSize(1);
                assertThat(isEnd(probe.trail.getLast())).isTrue();
            }
        }
    }

    private static boolean isEnd(Object signal) {
        return signal.equals("complete") || signal instanceof Throwable;
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

    // The wake-up of an iterating coroutine, which has no lock: and a twin without its care.

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

    /** As Streaming, but it reads the promise and then clears the field, in two steps. */
    private static final class Forgetful implements CoreSubscriber<Integer>, Iterator<Integer> {
        private final EventLoop loop;
        private final Queue<Integer> arrived = new ConcurrentLinkedQueue<>();
        private volatile Promise<Void> hungry;
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
            Promise<Void> waiting = hungry;
            if (waiting != null) {
                // The gap, wider than it would be, so that it takes no luck to fall into it.
                for (int i = 0; i < 500; i++) {
                    Thread.onSpinWait();
                }
                hungry = null;
                waiting.tryComplete(null);
            }
        }

        @Override
        public boolean hasNext() {
            while (arrived.isEmpty() && !over) {
                Promise<Void> more = loop.newPromise();
                hungry = more;
                if (arrived.isEmpty() && !over) {
                    more.await();
                }
                hungry = null;
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
