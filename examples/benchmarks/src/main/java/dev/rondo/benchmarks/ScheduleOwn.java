package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.scheduler.Scheduler;

import java.util.concurrent.CountDownLatch;

/** Row i: a task that schedules the next, on its own thread. */
public class ScheduleOwn extends Peers {
    private static final int TIMES = 100_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void rondo() throws InterruptedException {
        chain(loopScheduler);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void kotlin() {
        kotlin.scheduleOwn(TIMES);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void reactor() throws InterruptedException {
        chain(single);
    }

    private static void chain(Scheduler scheduler) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        scheduler.schedule(
                new Runnable() {
                    private int left = TIMES;

                    @Override
                    public void run() {
                        if (--left == 0) {
                            done.countDown();
                        } else {
                            scheduler.schedule(this);
                        }
                    }
                });
        done.await();
    }
}
