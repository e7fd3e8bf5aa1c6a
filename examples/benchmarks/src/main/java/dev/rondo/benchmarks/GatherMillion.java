package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Row d with a million coroutines. */
@OperationsPerInvocation(GatherMillion.MILLION)
public class GatherMillion extends Gathers {
    static final int MILLION = 1_000_000;

    @Override
    int size() {
        return MILLION;
    }

    @Override
    int rounds() {
        return 1;
    }
}
