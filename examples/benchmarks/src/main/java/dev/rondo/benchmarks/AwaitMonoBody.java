package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.mono;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.publisher.Mono;

/** Row f: a coroutine as a Mono, awaited. */
public class AwaitMonoBody extends Peers {
    private static final int TIMES = 10_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        return onLoop(() -> {
            Mono<Integer> mono = mono(loop, () -> 1);
            long sum = 0;
            for (int i = 0; i < TIMES; i++) {
                sum += await(mono);
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long kotlin() {
        return kotlin.awaitMonoBody(TIMES);
    }
}
