package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every operation, cancelled at every moment it can be at: before it begins, while it waits, when
 * its value has just arrived, while it cleans up. Whatever the moment: it ends, nothing of it is
 * left on the loop, and it is cancelled unless it had its value already.
 */
class CancelAtEveryStepTest {
    private static final int MOST_PASSES = 6;
    private static final int MOST_TIMES = 8;

    private static Integer child() {
        try {
            yieldNow();
            sleep(ofSeconds(1));
            yieldNow();
            return 1;
        } finally {
            sleep(ofMillis(300));
        }
    }

    private static Map<String, Action> operations() {
        Map<String, Action> operations = new LinkedHashMap<>();
        operations.put("yieldNow", Async::yieldNow);
        operations.put("sleep", () -> sleep(ofSeconds(1)));
        operations.put("a coroutine with clean-up", () -> child());
        operations.put("a task", () -> createTask(() -> child()).await());
        operations.put(
                "a promise",
                () -> {
                    Promise<Integer> promise = currentLoop().newPromise();
                    currentLoop().callLater(ofSeconds(1), () -> endOnce(promise));
                    promise.await();
                });
        operations.put(
                "a stage",
                () -> {
                    Promise<Integer> promise = currentLoop().newPromise();
                    currentLoop().callLater(ofSeconds(1), () -> endOnce(promise));
                    await(promise.toCompletableFuture());
                });
        operations.put("gather", () -> gather(() -> child(), () -> child()).await());
        operations.put("gatherSettled", () -> gatherSettled(() -> child(), () -> child()).await());
        operations.put("timeout in time", () -> timeout(ofSeconds(5), () -> child()));
        operations.put("timeout too late", () -> timeout(ofMillis(500), () -> child()));
        operations.put("waitFor a task", () -> waitFor(createTask(() -> child()), ofSeconds(5)));
        operations.put("waitFor too late", () -> waitFor(createTask(() -> child()), ofMillis(500)));
        operations.put("shield", () -> shield(() -> child()).await());
        operations.put("shielded", () -> shielded(ofSeconds(5), () -> child()));
        operations.put("shielded too long", () -> shielded(ofMillis(500), () -> child()));
        operations.put("waitAll", () -> waitAll(two()));
        operations.put("waitFirst", () -> waitFirst(two(), ofSeconds(9)));
        operations.put("waitFirstFailure", () -> waitFirstFailure(two(), ofMillis(500)));
        operations.put(
                "asCompleted",
                () -> {
                    for (Task<Integer> task : asCompleted(two(), ofSeconds(9))) {
                        task.await();
                    }
                });
        operations.put(
                "taskGroup",
                () ->
                        taskGroup(group -> {
                            group.createTask(() -> child());
                            group.createTask(() -> child());
                        }));
        operations.put(
                "taskGroup with a failure",
                () ->
                        taskGroup(group -> {
                            group.createTask(() -> child());
                            group.createTask(() -> {
                                sleep(ofMillis(500));
                                throw new IllegalArgumentException("boom");
                            });
                            child();
                        }));
        operations.put(
                "taskGroup cancelled by itself",
                () ->
                        taskGroup(group -> {
                            group.createTask(() -> child());
                            sleep(ofMillis(500));
                            group.cancel();
                            child();
                        }));
        operations.put(
                "nested groups",
                () ->
                        taskGroup(outer -> {
                            outer.createTask(() -> child());
                            taskGroup(inner -> {
                                inner.createTask(() -> child());
                            });
                        }));
        operations.put(
                "group.start",
                () ->
                        taskGroup(group -> {
                            group.<Integer>start(ready -> {
                                sleep(ofMillis(500));
                                ready.ready(1);
                                child();
                            });
                        }));
        operations.put("race", () -> race(() -> child(), () -> child()));
        operations.put("toThread", () -> toThread(() -> 1).await());
        return operations;
    }

    private static void endOnce(Promise<Integer> promise) {
        if (!promise.isDone()) {
            promise.complete(1);
        }
    }

    private static List<Task<Integer>> two() {
        return List.of(createTask(() -> child()), createTask(() -> child()));
    }

    @TestFactory
    List<DynamicTest> everyOperation() {
        List<DynamicTest> tests = new ArrayList<>();
        operations()
                .forEach((name, operation) ->
                        tests.add(DynamicTest.dynamicTest(name, () -> atEveryStep(operation))));
        return tests;
    }

    private static void atEveryStep(Action operation) {
        for (int passes = 0; passes < MOST_PASSES; passes++) {
            for (int times = 0; times < MOST_TIMES; times++) {
                // Twice: the second request meets the clean-up after the first.
                for (Duration again : List.of(ZERO, ofMillis(100))) {
                    cancelAt(operation, ofMillis(times * 250L), passes, again);
                }
            }
        }
    }

    private static void cancelAt(Action operation, Duration time, int passes, Duration again) {
        VirtualClock.run(() -> {
            Task<Void> task = createTask(operation);
            sleep(time);
            for (int i = 0; i < passes; i++) {
                yieldNow();
            }
            boolean asked = task.cancel();
            if (!again.isZero()) {
                sleep(again);
                task.cancel();
            }
            gatherSettled(task).await();
            assertThat(task.isDone()).isTrue();
            if (!asked) {
                assertThat(task.cancelling()).isZero();
            } else if (!task.isCancelled()) {
                // It had its value, or a failure of its own, before the request reached it.
                assertThat(task.cancelling()).isPositive();
            }
            sleep(ofHours(1));
            assertThat(allTasks()).containsExactly(currentTask());
            assertThat(Insides.timers(currentLoop())).isZero();
            assertThat(currentTask().cancelling()).isZero();
        });
    }
}
