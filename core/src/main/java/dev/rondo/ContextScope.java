package dev.rondo;

import dev.rondo.internal.loop.Scope;
import dev.rondo.internal.loop.Tasks;

import org.jspecify.annotations.Nullable;

import java.util.function.BiConsumer;

/**
 * The values of context variables that some code sees: every task has a scope of its own, and so
 * has every callback, every blocking call, and every plain thread. As Python's {@code
 * contextvars.Context}: {@link #copy} takes what is here, {@link #run} and {@link #createTask} run
 * code in it.
 *
 * <p>Tasks that are given one scope share it. It belongs to one loop at a time.
 */
public sealed interface ContextScope permits Scope {
    /** A new scope with the values that are seen here; copies nothing. */
    static ContextScope copy() {
        return Scope.copy();
    }

    /** A new scope in which no variable is set. */
    static ContextScope empty() {
        return Scope.empty();
    }

    /** A new scope with the values of this one, and the given one. */
    <T extends @Nullable Object> ContextScope with(ContextVar<T> variable, T value);

    /** A new scope with the values of this one but that of the variable. */
    ContextScope without(ContextVar<?> variable);

    /** The value of a variable in this scope, or null if it is not set; its default is ignored. */
    <T> @Nullable T get(ContextVar<T> variable);

    /** True if no variable has been set in this scope. */
    boolean isEmpty();

    /** Calls the action with every variable that is set in this scope, in no particular order. */
    void forEach(BiConsumer<ContextVar<?>, ? super @Nullable Object> action);

    /**
     * Runs the code here and now with this scope's values; what it sets stays in this scope.
     *
     * @return the code's result; its failure is thrown as by {@link Coroutine#await}
     * @throws IllegalStateException outside a coroutine
     */
    <T extends @Nullable Object> T run(Coroutine<T> body);

    /** As {@link #run(Coroutine)}, without a result. */
    void run(Action body);

    /**
     * As {@link Async#createTask(Coroutine)}, in this scope instead of a copy of the current one.
     *
     * @throws IllegalStateException outside a running loop
     */
    default <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body) {
        return Tasks.createIn(this, body);
    }

    /** As {@link #createTask(Coroutine)}, without a result. */
    default Task<Void> createTask(Action body) {
        return createTask(Coroutine.of(body));
    }
}
