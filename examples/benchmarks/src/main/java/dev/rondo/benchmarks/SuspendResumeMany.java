package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Row a with 100,000 coroutines. */
@OperationsPerInvocation(SuspendResumeMany.COROUTINES * SuspendResumeMany.ROUNDS)
public class SuspendResumeMany extends Yields {
    static final int COROUTINES = 100_000;
    static final int ROUNDS = 10;

    @Override
    int coroutines() {
        return COROUTINES;
    }

    @Override
    int rounds() {
        return ROUNDS;
    }
}
