package dev.rondo.benchmarks;

import dev.rondo.Handle;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

import java.time.Duration;

/** How the cost of one task, and of one timer, grows with their number. */
public class Growth extends Peers {
    private static final int ALL = 1_000_000;

    @Param({"10", "100", "1000", "10000", "100000", "1000000"})
    int size;

    /** Made, run and gathered. */
    @Benchmark
    @OperationsPerInvocation(ALL)
    public long tasks() {
        return onLoop(() -> Gathers.gatherAgain(size, ALL / size));
    }

    /** Set at mixed times, then cancelled in another order. */
    @Benchmark
    @OperationsPerInvocation(ALL)
    public long timers() {
        return onLoop(() -> {
            Handle[] timers = new Handle[size];
            for (int round = 0; round < ALL / size; round++) {
                for (int i = 0; i < size; i++) {
                    Duration delay = Duration.ofMillis(3_600_000 + (i * 7919L) % 100_000);
                    timers[i] = loop.callLater(delay, () -> {});
                }
                for (Handle timer : timers) {
                    timer.cancel();
                }
            }
            return (long) timers.length;
        });
    }
}
