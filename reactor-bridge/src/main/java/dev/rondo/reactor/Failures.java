package dev.rondo.reactor;

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

    /** As a signal carries it. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause != null && failure.getClass() == CompletionException.class ? cause : failure;
    }
}
