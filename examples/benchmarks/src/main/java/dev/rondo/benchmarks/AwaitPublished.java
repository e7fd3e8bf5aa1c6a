package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.await;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Row e: a Mono that runs on the loop's scheduler, awaited. */
public class AwaitPublished extends Peers {
    private static final int TIMES = 10_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        return onLoop(() -> {
            Mono<Integer> mono = Mono.fromCallable(() -> 1).subscribeOn(loopScheduler);
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
        return kotlin.awaitPublished(TIMES);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long reactor() {
        Mono<Integer> mono = Mono.fromCallable(() -> 1).subscribeOn(single);
        return Flux.range(0, TIMES).concatMap(i -> mono).count().block();
    }
}
