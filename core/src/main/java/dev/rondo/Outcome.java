package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * How something ended, as a value.
 *
 * @param <T> the result
 */
public sealed interface Outcome<T extends @Nullable Object> {
    /**
     * It gave a result.
     *
     * @param value the result
     */
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /**
     * It failed, or was cancelled: then the exception is a {@code CancellationException}.
     *
     * @param exception what it failed with, never wrapped
     */
    record Failure<T extends @Nullable Object>(Throwable exception) implements Outcome<T> {
        /** Refuses null. */
        public Failure {
            Objects.requireNonNull(exception, "exception");
        }
    }

    /**
     * A failure as every {@link Awaitable#await} throws it: an unchecked one is the same object, a
     * checked one is wrapped.
     *
     * @return the exception to throw
     * @throws Error the failure, if it is one
     */
    static RuntimeException toThrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked
                ? unchecked
                : new CompletionException(failure);
    }

    /** What {@link #toThrow} has wrapped; any other failure as it is. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause != null && failure.getClass() == CompletionException.class ? cause : failure;
    }
}
