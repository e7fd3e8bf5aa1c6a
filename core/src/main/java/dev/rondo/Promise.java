package dev.rondo;

import dev.rondo.internal.loop.LoopPromise;

import org.jspecify.annotations.Nullable;

/**
 * A result that somebody will bring: made with {@link EventLoop#newPromise()}, awaited by any
 * number of tasks of its loop. It ends once. It is a task without code: what a task can do, it can,
 * and a request to cancel ends it at once. All methods but {@link #await} may be called from any
 * thread; from another than the loop's, the end takes effect on the loop a moment later.
 *
 * <p>As asyncio's Future: ending it runs nothing inline, its waiters are queued in the order they
 * came.
 *
 * @param <T> the result
 */
public sealed interface Promise<T extends @Nullable Object> extends Task<T> permits LoopPromise {
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
}
