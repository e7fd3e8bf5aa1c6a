package dev.rondo.benchmarks;

import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;

import dev.rondo.Action;
import dev.rondo.Coroutine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Row j: a million that sleep for 100 ms, for each of them. */
public class Sleepers extends Peers {
    static final int SLEEPERS = 1_000_000;
    private static final Duration NAP = Duration.ofMillis(100);

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public Object rondo() {
        Coroutine<Integer> sleeper =
                () -> {
                    sleep(NAP);
                    return 1;
                };
        return onLoop(() -> gather(Collections.nCopies(SLEEPERS, sleeper)).await());
    }

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public void kotlin() {
        kotlin.sleepers(SLEEPERS, NAP.toMillis());
    }

    @Benchmark
    @OperationsPerInvocation(SLEEPERS)
    public void jdk() throws InterruptedException {
        Action sleeper = () -> Thread.sleep(NAP);
        List<Thread> threads = new ArrayList<>(SLEEPERS);
        for (int i = 0; i < SLEEPERS; i++) {
            threads.add(Thread.startVirtualThread(() -> unchecked(sleeper)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void unchecked(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
