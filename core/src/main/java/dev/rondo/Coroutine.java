package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;

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

    /**
     * Runs this here and now, in the current task.
     *
     * @throws IllegalStateException outside a coroutine
     */
    @Override
    default T await() {
        CoroutineTask<?> task = CoroutineTask.current("await a coroutine");
        try {
            return run();
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw task.interruptedWhileBlocking(e);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
