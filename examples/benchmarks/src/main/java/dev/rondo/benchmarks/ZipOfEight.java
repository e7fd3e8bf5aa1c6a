package dev.rondo.benchmarks;

import static dev.rondo.reactor.ReactorBridge.await;
import static dev.rondo.reactor.ReactorBridge.zip;

import dev.rondo.Coroutine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Row g: zip of eight coroutines, awaited. */
public class ZipOfEight extends Peers {
    private static final int TIMES = 1_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        Coroutine<Integer> one = () -> 1;
        return onLoop(() -> {
            var zip = zip(one, one, one, one, one, one, one, one);
            long sum = 0;
            for (int i = 0; i < TIMES; i++) {
                sum += await(zip).size();
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long kotlin() {
        return kotlin.zip8(TIMES);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long reactor() {
        Mono<Integer> one = Mono.fromCallable(() -> 1).subscribeOn(single);
        var zip = Mono.zip(one, one, one, one, one, one, one, one);
        return Flux.range(0, TIMES).concatMap(i -> zip).count().block();
    }
}
