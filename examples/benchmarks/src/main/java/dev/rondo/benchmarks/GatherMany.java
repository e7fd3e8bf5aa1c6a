package dev.rondo.benchmarks;

import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** Row d with some coroutines. */
@OperationsPerInvocation(GatherMany.ALL)
public class GatherMany extends Gathers {
    static final int ALL = 100_000;

    @Param({"10", "1000"})
    int size;

    @Override
    int size() {
        return size;
    }

    @Override
    int rounds() {
        return ALL / size;
    }
}
