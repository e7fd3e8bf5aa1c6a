package dev.rondo.reactor;

import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/**
 * A failure on its way over the bridge: the same object, however often it crosses. To throw a
 * checked exception {@code await()} has to wrap it; a signal takes it out again.
 */
final class Failures {
    private Failures() {}

    /** As {@code await()} throws it. */
    static RuntimeException toThrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked
                ? unchecked
                : new CompletionException(failure);
    }

    /** What a task that is done has failed with, as a signal carries it; null: it has a result. */
    static @Nullable Throwable of(Task<?> task) {
        try {
            Throwable failure = task.exception();
            return failure == null ? null : unwrap(failure);
        } catch (CancellationException e) {
            return e;
        }
    }

    /** As a signal carries it. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause != null && failure.getClass() == CompletionException.class ? cause : failure;
    }
}
