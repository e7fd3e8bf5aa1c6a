package dev.rondo.benchmarks;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.yieldNow;

import dev.rondo.Task;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

import reactor.core.scheduler.Scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Row a: coroutines that give way to each other. */
public class SuspendResume extends Peers {
    private static final int SWITCHES = 1_000_000;

    @Param({"1", "100", "100000"})
    int coroutines;

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public Object rondo() {
        int rounds = SWITCHES / coroutines;
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
    @OperationsPerInvocation(SWITCHES)
    public void kotlin() {
        kotlin.yields(coroutines, SWITCHES / coroutines);
    }

    /** No coroutine: a task that queues itself. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void reactor() throws InterruptedException {
        int rounds = SWITCHES / coroutines;
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
    @OperationsPerInvocation(SWITCHES)
    public void jdk() throws InterruptedException {
        int rounds = SWITCHES / coroutines;
        List<Thread> threads = new ArrayList<>(coroutines);
        for (int i = 0; i < coroutines; i++) {
            threads.add(Thread.startVirtualThread(() -> yields(rounds)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public void limit() {
        int rounds = SWITCHES / coroutines;
        BareThreads.run(coroutines, () -> yields(rounds));
    }

    private static void yields(int rounds) {
        for (int round = 0; round < rounds; round++) {
            Thread.yield();
        }
    }
}
