package dev.rondo.reactor;

import dev.rondo.Outcome;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/** What a task has failed with, on its way over the bridge: the same object, however often. */
final class TaskFailures {
    private TaskFailures() {}

    /** What a task that is done has failed with, as a signal carries it; null: it has a result. */
    static @Nullable Throwable of(Task<?> task) {
        try {
            Throwable failure = task.exception();
            return failure == null ? null : Outcome.unwrap(failure);
        } catch (CancellationException e) {
            return e;
        }
    }
}
