package dev.rondo;

import org.jspecify.annotations.Nullable;

/**
 * What a coroutine can wait for: a {@link Task}, a {@link Promise}, a {@link Coroutine}.
 *
 * @param <T> the result
 */
public interface Awaitable<T extends @Nullable Object> {
    /**
     * Waits for the result. What is done already is returned without suspending.
     *
     * @return the result
     * @throws java.util.concurrent.CompletionException around a checked exception it failed with; a
     *     {@code RuntimeException} or {@code Error} is thrown as the same object
     * @throws java.util.concurrent.CancellationException if it, or the waiting task, was cancelled
     * @throws IllegalStateException outside a coroutine
     */
    T await();
}
