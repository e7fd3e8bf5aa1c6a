package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.AsyncConsumer;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bodies that emit, from many threads at once, thousands of times. */
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
            AsyncConsumer<Emitter<Integer>> body =
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
}
