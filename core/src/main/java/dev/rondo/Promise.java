package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A result that somebody will bring: made with {@link EventLoop#newPromise}, awaited by any number
 * of tasks of its loop. It ends once. All methods but {@link #await} may be called from any thread;
 * from another than the loop's, the end takes effect on the loop a moment later.
 *
 * <p>As asyncio's Future: ending it runs nothing inline, its waiters are queued in the order they
 * came.
 *
 * @param <T> the result
 */
public interface Promise<T extends @Nullable Object> extends Awaitable<T> {
    /**
     * Ends it with a value.
     *
     * @throws IllegalStateException if it has ended already; from another thread, an end that comes
     *     first in the meantime is given to the loop's error handler instead
     */
    void complete(T value);

    /**
     * Ends it with a failure, which every waiter gets.
     *
     * @throws IllegalStateException if it has ended already, as with {@link #complete}
     */
    void fail(Throwable failure);

    /**
     * Ends it with a value, unless it has ended already; for a source that may be late.
     *
     * @return false if it has ended, or its loop has closed; from another thread, true means that
     *     the loop has yet to decide
     */
    boolean tryComplete(T value);

    /** Ends it with a failure, unless it has ended already, as {@link #tryComplete}. */
    boolean tryFail(Throwable failure);

    /**
     * Ends it by cancellation; its waiters get a {@code CancellationException}.
     *
     * @return false if it has ended already
     */
    boolean cancel();

    /**
     * Waits for the end; suspends only while it is pending. If the waiting task is cancelled, so is
     * the promise.
     */
    @Override
    T await();

    /** True once it has ended in any way. */
    boolean isDone();

    /** True once it has been cancelled. */
    boolean isCancelled();

    /**
     * The result of a promise that has ended, or what it failed with, thrown as by {@link #await}.
     *
     * @throws IllegalStateException if it has not ended
     */
    T result();

    /**
     * What it failed with, not wrapped; null if it has a result.
     *
     * @throws IllegalStateException if it has not ended
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    @Nullable Throwable exception();

    /**
     * Runs the callback on the loop when the promise has ended: queued then, in order of
     * registration; queued at once if it has ended already. A callback that throws goes to the
     * loop's error handler.
     *
     * @return with which the callback can be taken back
     */
    Handle onDone(Consumer<Promise<T>> callback);

    /**
     * The same end as a task's, for those who want a task. A request to cancel the task cancels the
     * promise. From any thread.
     */
    Task<T> asTask();

    /**
     * The same result as a future, for code outside the loop. Cancelling it cancels the promise.
     * Stages that depend on it run on the loop's thread unless they name an executor.
     */
    CompletableFuture<T> toCompletableFuture();
}
