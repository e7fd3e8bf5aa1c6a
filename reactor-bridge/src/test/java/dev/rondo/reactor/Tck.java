package dev.rondo.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

import java.util.List;

/**
 * Runs a verification of the Reactive Streams TCK, which are TestNG classes, within a JUnit test.
 */
final class Tck {
    private Tck() {}

    /**
     * @param floor how many of its tests must really have run, and passed: a rule that does not
     *     apply is skipped, and a skipped one looks as good as a passed one
     */
    static void run(Class<?> verification, int floor) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG testNg = new TestNG(false);
        testNg.setTestClasses(new Class<?>[] {verification});
        testNg.addListener(results);
        testNg.setVerbose(0);
        testNg.run();
        assertThat(names(results.getFailedTests())).isEmpty();
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(names(results.getPassedTests())).hasSizeGreaterThanOrEqualTo(floor);
    }

    private static List<String> names(List<ITestResult> results) {
        return results.stream()
                .map(result -> result.getName() + ": " + result.getThrowable())
                .toList();
    }
}
