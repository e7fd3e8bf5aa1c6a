package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.await;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.publisher.Mono;

/** Row b: await of {@code Mono.just}. */
public class AwaitDoneMono extends Peers {
    private static final int TIMES = 100_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        return onLoop(() -> {
            Mono<Integer> done = Mono.just(1);
            long sum = 0;
            for (int i = 0; i < TIMES; i++) {
                sum += await(done);
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long kotlin() {
        return kotlin.awaitMonoJust(TIMES);
    }
}
