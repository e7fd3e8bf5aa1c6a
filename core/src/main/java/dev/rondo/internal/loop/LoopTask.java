package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** What does something until it ends: it is told of requests to cancel, and counts them. */
abstract class LoopTask<T extends @Nullable Object> extends LoopFuture<T> {
    private volatile int cancelling;

    LoopTask(LoopCore loop) {
        super(loop);
    }

    /** Counts the request and carries it out. Only while pending. */
    abstract boolean cancelNow(CancelRequest request);

    /** A request was taken back. */
    void cancelWithdrawn() {}

    @Override
    final boolean requestCancel(CancelRequest request) {
        return !isDone() && cancelNow(request);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    final void countCancel() {
        cancelling++;
    }

    @Override
    public final int cancelling() {
        return cancelling;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    final int takeCancelBack() {
        if (cancelling > 0) {
            cancelling--;
            cancelWithdrawn();
        }
        return cancelling;
    }

    @Override
    String label() {
        return "Task '" + name() + "'";
    }
}
