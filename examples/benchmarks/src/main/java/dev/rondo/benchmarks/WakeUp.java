package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

import reactor.core.scheduler.Scheduler;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Row i: one task from another thread to an idle one, and the way back. */
public class WakeUp extends Peers {
    /** Long enough for the other thread to fall asleep; part of the time, and the same for both. */
    private static final long IDLE_NANOS = 50_000;

    @Benchmark
    public void rondo() throws InterruptedException {
        roundTrip(loopScheduler);
    }

    @Benchmark
    public void reactor() throws InterruptedException {
        roundTrip(single);
    }

    private static void roundTrip(Scheduler scheduler) throws InterruptedException {
        LockSupport.parkNanos(IDLE_NANOS);
        CountDownLatch done = new CountDownLatch(1);
        scheduler.schedule(done::countDown);
        done.await();
    }
}
