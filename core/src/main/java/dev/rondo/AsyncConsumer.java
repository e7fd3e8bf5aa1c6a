package dev.rondo;

/**
 * An action that may await.
 *
 * @param <T> what it takes
 */
@FunctionalInterface
public interface AsyncConsumer<T> {
    /** The action, run in a coroutine. */
    void accept(T value) throws Exception;
}
