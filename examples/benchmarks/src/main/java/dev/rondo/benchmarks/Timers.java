package dev.rondo.benchmarks;

import dev.rondo.Handle;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.Disposable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Row k: timers that are set, and cancelled before their time. */
public class Timers extends Peers {
    private static final int TIMERS = 100_000;
    private static final Duration LATER = Duration.ofHours(1);

    @Benchmark
    @OperationsPerInvocation(TIMERS)
    public int rondo() {
        return onLoop(() -> {
            Handle[] timers = new Handle[TIMERS];
            for (int i = 0; i < TIMERS; i++) {
                timers[i] = loop.callLater(LATER, () -> {});
            }
            for (Handle timer : timers) {
                timer.cancel();
            }
            return timers.length;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMERS)
    public void kotlin() {
        kotlin.timers(TIMERS);
    }

    @Benchmark
    @OperationsPerInvocation(TIMERS)
    public void reactor() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        single.schedule(() -> {
            Disposable[] timers = new Disposable[TIMERS];
            for (int i = 0; i < TIMERS; i++) {
                timers[i] = single.schedule(() -> {}, 1, TimeUnit.HOURS);
            }
            for (Disposable timer : timers) {
                timer.dispose();
            }
            done.countDown();
        });
        done.await();
    }
}
