package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Something to be queued when a future ends: a place in the future's list first, an entry of the
 * ready queue afterwards. The same object serves for both, so waiting allocates nothing.
 */
abstract class Waiter extends Turn {
    @Nullable Waiter previous;

    /**
     * The task whose request to cancel goes on to the future because this waits for it; null if
     * none does. From any thread.
     */
    @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
        return null;
    }
}
