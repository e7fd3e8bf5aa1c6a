package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.iterate;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.publisher.Flux;

/** Row h: {@code Flux.range} in a for loop. */
public class Iterate extends Peers {
    private static final int ELEMENTS = 100_000;

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long rondo() {
        return onLoop(() -> {
            long sum = 0;
            for (int value : iterate(Flux.range(0, ELEMENTS))) {
                sum += value;
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long kotlin() {
        return kotlin.iterate(ELEMENTS);
    }

    /** The closest operator: elements through a queue to the thread that takes them. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long reactor() {
        return Flux.range(0, ELEMENTS)
                .hide()
                .publishOn(single)
                .reduce(0L, (sum, value) -> sum + value)
                .block();
    }
}
