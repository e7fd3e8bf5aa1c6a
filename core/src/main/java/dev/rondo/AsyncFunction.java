package dev.rondo;

import org.jspecify.annotations.Nullable;

/**
 * A function that may await.
 *
 * @param <T> what it takes
 * @param <R> what it gives
 */
@FunctionalInterface
public interface AsyncFunction<T, R extends @Nullable Object> {
    /** The function, run in a coroutine. */
    R apply(T value) throws Exception;
}
