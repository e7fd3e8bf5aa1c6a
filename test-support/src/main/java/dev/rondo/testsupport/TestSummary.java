package dev.rondo.testsupport;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import java.util.concurrent.atomic.AtomicInteger;

/** One line for each run of a module's tests, also when Maven is quiet. */
public final class TestSummary implements TestExecutionListener {
    private final AtomicInteger run = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            skipped.incrementAndGet();
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> run.addAndGet(test.isTest() ? 1 : 0);
            case FAILED -> {
                run.addAndGet(test.isTest() ? 1 : 0);
                failed.incrementAndGet();
            }
            case ABORTED -> skipped.incrementAndGet();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        System.out.printf(
                "Tests run: %d, Failures: %d, Errors: 0, Skipped: %d - %s, %s%n",
                run.get(),
                failed.get(),
                skipped.get(),
                System.getProperty("rondo.module"),
                System.getProperty("dev.rondo.fiber"));
    }
}
