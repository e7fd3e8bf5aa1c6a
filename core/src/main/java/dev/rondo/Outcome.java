package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

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
}
