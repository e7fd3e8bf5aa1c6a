package dev.rondo;

import dev.rondo.internal.loop.Tasks;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Plain code that may wait, with a result. It is cold: making one runs nothing. It runs when it is
 * awaited, in the current task, or when it is made a task, beside the current one; and it may run
 * any number of times.
 *
 * @param <T> the result
 */
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // awaiting a coroutine is running it
public interface Coroutine<T extends @Nullable Object> extends Awaitable<T> {
    /**
     * The code.
     *
     * @return the result
     * @throws Exception whatever the code fails with
     */
    T run() throws Exception;

    /** The action as a coroutine whose result is null, for where both kinds stand side by side. */
    @SuppressWarnings("NullAway") // as Reactor's Mono<Void>: a null that is not worth a mark
    static Coroutine<Void> of(Action action) {
        Objects.requireNonNull(action, "action");
        return () -> {
            action.run();
            return null;
        };
    }

    /**
     * Runs this here and now, in the current task.
     *
     * @throws IllegalStateException outside a coroutine
     */
    @Override
    default T await() {
        return Tasks.runHere(this);
    }
}
