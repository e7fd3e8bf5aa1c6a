package dev.rondo.internal.loop;

import dev.rondo.AsyncFunction;
import dev.rondo.Coroutine;
import dev.rondo.Outcome;
import dev.rondo.TaskGroup;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Several coroutines for one result: the first that succeeds ends the others. */
final class Race {
    private Race() {}

    static <T extends @Nullable Object> T run(
            SuspendingTask<?> current, List<? extends Coroutine<? extends T>> bodies) {
        if (bodies.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to race");
        }
        List<Outcome.Success<T>> winner = new ArrayList<>(1);
        ScopeFailures failures = new ScopeFailures(current, "a race");
        AsyncFunction<TaskGroup, Integer> starting =
                group -> {
                    for (Coroutine<? extends T> body : bodies) {
                        group.createTask(() -> runOne(group, body, winner, failures));
                    }
                    return bodies.size();
                };
        try {
            LoopTaskGroup.run(current, starting);
        } catch (Throwable e) {
            failures.reportAll();
            throw e;
        }
        if (!winner.isEmpty()) {
            failures.reportAll();
            return winner.getFirst().value();
        }
        if (failures.isEmpty()) {
            throw new CancellationException("all that raced were cancelled");
        }
        throw failures.toThrow();
    }

    private static <T extends @Nullable Object> void runOne(
            TaskGroup group,
            Coroutine<? extends T> body,
            List<Outcome.Success<T>> winner,
            ScopeFailures failures)
            throws InterruptedException {
        T value;
        try {
            value = body.run();
        } catch (CancellationException | InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            failures.add(e, Current.orThrow("race"));
            return;
        }
        if (winner.isEmpty()) {
            winner.add(new Outcome.Success<>(value));
            group.cancel();
        }
    }
}
