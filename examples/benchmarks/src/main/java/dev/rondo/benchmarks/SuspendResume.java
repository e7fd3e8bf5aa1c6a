package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** Row a with one coroutine, and with some. */
@OperationsPerInvocation(SuspendResume.SWITCHES)
public class SuspendResume extends Yields {
    static final int SWITCHES = 100_000;

    @Param({"1", "100"})
    int coroutines;

    @Override
    int coroutines() {
        return coroutines;
    }

    @Override
    int rounds() {
        return SWITCHES / coroutines;
    }
}
