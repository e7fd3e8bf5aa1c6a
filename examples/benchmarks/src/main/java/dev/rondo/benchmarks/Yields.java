package dev.rondo.benchmarks;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.yieldNow;

import dev.rondo.Task;

import org.openjdk.jmh.annotations.Benchmark;

import reactor.core.scheduler.Scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Row a: so many coroutines that give way to each other so many times. */
public abstract class Yields extends Peers {
    abstract int coroutines();

    abstract int rounds();

    @Benchmark
    public Object rondo() {
        int coroutines = coroutines();
        int rounds = rounds();
        return onLoop(() -> {
            List<Task<Void>> tasks = new ArrayList<>(coroutines);
            for (int i = 0; i < coroutines; i++) {
                tasks.add(
                        createTask(() -> {
                            for (int round = 0; round < rounds; round++) {
                                yieldNow();
                            }
                        }));
            }
            return gather(tasks).await();
        });
    }

    @Benchmark
    public void kotlin() {
        kotlin.yields(coroutines(), rounds());
    }

    /** No coroutine: a task that queues itself. */
    @Benchmark
    public void reactor() throws InterruptedException {
        int coroutines = coroutines();
        int rounds = rounds();
        CountDownLatch done = new CountDownLatch(coroutines);
        for (int i = 0; i < coroutines; i++) {
            new Again(single, rounds, done).run();
        }
        done.await();
    }

    private static final class Again implements Runnable {
        private final Scheduler scheduler;
        private final CountDownLatch done;
        private int left;

        Again(Scheduler scheduler, int left, CountDownLatch done) {
            this.scheduler = scheduler;
            this.left = left;
            this.done = done;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                done.countDown();
            } else {
                scheduler.schedule(this);
            }
        }
    }

    @Benchmark
    public void jdk() throws InterruptedException {
        int rounds = rounds();
        onVirtualThreads(coroutines(), () -> yields(rounds));
    }

    @Benchmark
    public void limit() {
        int coroutines = coroutines();
        int rounds = rounds();
        BareThreads.run(coroutines, () -> yields(rounds));
    }

    private static void yields(int rounds) {
        for (int round = 0; round < rounds; round++) {
            Thread.yield();
        }
    }
}
