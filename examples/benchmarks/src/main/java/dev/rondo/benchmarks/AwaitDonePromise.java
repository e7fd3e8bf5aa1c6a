package dev.rondo.benchmarks;

import dev.rondo.Promise;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Row b: await of a promise that is done. */
public class AwaitDonePromise extends Peers {
    private static final int TIMES = 100_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        return onLoop(() -> {
            Promise<Integer> done = loop.newPromise();
            done.complete(1);
            long sum = 0;
            for (int i = 0; i < TIMES; i++) {
                sum += done.await();
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long kotlin() {
        return kotlin.awaitDone(TIMES);
    }
}
