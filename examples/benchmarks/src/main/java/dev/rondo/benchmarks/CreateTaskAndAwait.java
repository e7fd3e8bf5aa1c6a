package dev.rondo.benchmarks;

import static dev.rondo.Async.createTask;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Row c: a task made and awaited, one after another. */
public class CreateTaskAndAwait extends Peers {
    private static final int TIMES = 10_000;

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long rondo() {
        return onLoop(() -> {
            long sum = 0;
            for (int i = 0; i < TIMES; i++) {
                sum += createTask(() -> 1).await();
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long kotlin() {
        return kotlin.createAndAwait(TIMES);
    }

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void jdk() throws InterruptedException {
        for (int i = 0; i < TIMES; i++) {
            Thread.startVirtualThread(() -> {}).join();
        }
    }

    /** Made and run, awaited by nobody. */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void limit() {
        BareThreads.run(TIMES, () -> {});
    }
}
