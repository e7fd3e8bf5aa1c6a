package dev.rondo.benchmarks;

import static dev.rondo.Async.gather;

import dev.rondo.Coroutine;

import org.openjdk.jmh.annotations.Benchmark;

import reactor.core.publisher.Mono;

import java.util.Collections;
import java.util.List;

/** Row d: so many coroutines gathered, so many times, for each coroutine. */
public abstract class Gathers extends Peers {
    abstract int size();

    abstract int rounds();

    @Benchmark
    public long rondo() {
        int size = size();
        int rounds = rounds();
        return onLoop(() -> gatherAgain(size, rounds));
    }

    static long gatherAgain(int size, int rounds) {
        Coroutine<Integer> one = () -> 1;
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += gather(Collections.nCopies(size, one)).await().size();
        }
        return sum;
    }

    @Benchmark
    public long kotlin() {
        return kotlin.gather(size(), rounds());
    }

    @Benchmark
    public long reactor() {
        Mono<Integer> one = Mono.fromCallable(() -> 1).subscribeOn(single);
        List<Mono<Integer>> all = Collections.nCopies(size(), one);
        long sum = 0;
        for (int i = 0; i < rounds(); i++) {
            sum += Mono.zip(all, values -> values.length).block();
        }
        return sum;
    }
}
