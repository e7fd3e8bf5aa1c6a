package dev.rondo.benchmarks;

import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;

import dev.rondo.Coroutine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

import java.time.Duration;
import java.util.Collections;

/** Row j: a million that sleep for 100 ms, for each of them. */
public class Sleepers extends Peers {
    static final int SLEEPERS = 1_000_000;
    private static final int IN_WARM_UP = 10_000;
    private static final Duration NAP = Duration.ofMillis(100);

    private int sleepers;

    /** A million only when it counts: code is warm after some thousands. */
    @Setup(Level.Iteration)
    public void choose(IterationParams iteration) {
        sleepers = iteration.getType() == IterationType.WARMUP ? IN_WARM_UP : SLEEPERS;
    }

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public Object rondo() {
        Coroutine<Integer> sleeper =
                () -> {
                    sleep(NAP);
                    return 1;
                };
        return onLoop(() -> gather(Collections.nCopies(sleepers, sleeper)).await());
    }

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public void kotlin() {
        kotlin.sleepers(sleepers, NAP.toMillis());
    }

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public void jdk() throws InterruptedException {
        onVirtualThreads(sleepers, Sleepers::nap);
    }

    /** They park once, all are resumed 100 ms later: no timer, no task, no result. */
    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public void limit() throws InterruptedException {
        BareThreads.parkAndResume(sleepers, NAP);
    }

    private static void nap() {
        try {
            Thread.sleep(NAP);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
