package dev.rondo.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** Runs a verification class of the Reactive Streams TCK. */
final class Tck {
    private Tck() {}

    /**
     * @param floor how many of its tests must have run, and not been skipped
     */
    static void run(Class<?> verification, int floor) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG tests = new TestNG(false);
        tests.setTestClasses(new Class<?>[] {verification});
        tests.addListener(results);
        tests.setVerbose(0);
        tests.run();
        for (ITestResult failed : results.getFailedTests()) {
            throw new AssertionError(failed.getName(), failed.getThrowable());
        }
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThanOrEqualTo(floor);
        System.out.printf(
                "%s: %d tests of the TCK, %d do not apply%n",
                verification.getSimpleName(),
                results.getPassedTests().size(),
                results.getSkippedTests().size());
    }
}
