package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.scheduler.Scheduler;

import java.util.concurrent.CountDownLatch;

/** Row i: tasks scheduled from another thread, many in a row. */
public class ScheduleOther extends Peers {
    private static final int TIMES = 100_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void rondo() throws InterruptedException {
        all(loopScheduler);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void reactor() throws InterruptedException {
        all(single);
    }

    private static void all(Scheduler scheduler) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(TIMES);
        for (int i = 0; i < TIMES; i++) {
            scheduler.schedule(done::countDown);
        }
        done.await();
    }
}
