package dev.rondo;

import dev.rondo.internal.loop.Variable;

import org.jspecify.annotations.Nullable;

import java.util.NoSuchElementException;

/**
 * A variable with a value of its own in every task: a request's id, the current user. A task begins
 * with the values of whoever creates it, and what it sets, its creator never sees; so do callbacks,
 * timers, and blocking calls in {@link Async#toThread}. Copying costs nothing. As Python's {@code
 * contextvars.ContextVar}.
 *
 * <p>Usable on any thread: one that is neither a loop's nor a coroutine's has values of its own.
 * Make a variable once, as a constant.
 *
 * @param <T> the value
 */
public sealed interface ContextVar<T extends @Nullable Object> permits Variable {
    /** A variable without a value until it is set. */
    static <T extends @Nullable Object> ContextVar<T> of(String name) {
        return Variable.of(name);
    }

    /** A variable with a value for those who have not set it. */
    static <T extends @Nullable Object> ContextVar<T> of(String name, T defaultValue) {
        return Variable.of(name, defaultValue);
    }

    /**
     * The value here, else the default.
     *
     * @throws NoSuchElementException if there is neither
     */
    T get();

    /** The value here, else the given one; the default does not count. */
    T orElse(T other);

    /**
     * Sets the value for the rest of this task, callback or thread, and for what it creates from
     * now on.
     *
     * @return with which {@link #reset} brings back what was before
     */
    Token<T> set(T value);

    /**
     * Brings back the value, or its absence, from before the {@link #set} that gave the token.
     *
     * @throws IllegalArgumentException if the token is of another variable, or of another task,
     *     callback or thread
     * @throws IllegalStateException if it was used before
     */
    void reset(Token<T> token);

    /** The name it was made with. */
    String name();

    /**
     * What was before a {@link ContextVar#set}; good for one {@link ContextVar#reset}.
     *
     * @param <T> the value
     */
    sealed interface Token<T extends @Nullable Object> permits Variable.Before {}
}
