package dev.rondo.benchmarks;

import static dev.rondo.Async.gather;

import dev.rondo.Coroutine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

import reactor.core.publisher.Mono;

import java.util.Collections;
import java.util.List;

/** Row d: gather, for each of its coroutines. */
public class GatherMany extends Peers {
    private static final int ALL = 1_000_000;

    @Param({"10", "1000", "1000000"})
    int size;

    @Benchmark
    @OperationsPerInvocation(ALL)
    public long rondo() {
        return onLoop(() -> gatherAll(size));
    }

    /** A million, so many at once. */
    static long gatherAll(int size) {
        Coroutine<Integer> one = () -> 1;
        long sum = 0;
        for (int i = 0; i < ALL / size; i++) {
            sum += gather(Collections.nCopies(size, one)).await().size();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(ALL)
    public long kotlin() {
        return kotlin.gather(size, ALL / size);
    }

    @Benchmark
    @OperationsPerInvocation(ALL)
    public long reactor() {
        Mono<Integer> one = Mono.fromCallable(() -> 1).subscribeOn(single);
        List<Mono<Integer>> all = Collections.nCopies(size, one);
        long sum = 0;
        for (int i = 0; i < ALL / size; i++) {
            sum += Mono.zip(all, values -> values.length).block();
        }
        return sum;
    }
}
