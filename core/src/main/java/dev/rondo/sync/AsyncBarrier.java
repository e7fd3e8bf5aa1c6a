package dev.rondo.sync;

import dev.rondo.EventLoop;

/**
 * Where a number of coroutines of a loop wait for each other; when all are there they go on, and it
 * is ready for the next round. As asyncio's {@code Barrier}.
 */
public final class AsyncBarrier extends LoopBound {
    private final int parties;
    private final Line<Integer> line = new Line<>();
    private boolean broken;

    /**
     * @param parties how many make a round
     * @throws IllegalArgumentException if less than one
     */
    public AsyncBarrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException(
                    "A barrier needs at least one party, not " + parties);
        }
        this.parties = parties;
    }

    /**
     * Waits until all parties are there. The last one does not suspend; the others go on in the
     * order they came.
     *
     * @return the place among those of its round: 0 came first, {@code parties - 1} last; each once
     * @throws AsyncBrokenBarrierException if the barrier is broken, or is reset or aborted
     *     meanwhile
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     if the round was not complete, it leaves its place to another
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public int await() {
        EventLoop loop = enterToWait();
        if (broken) {
            throw new AsyncBrokenBarrierException("The barrier is broken; reset() mends it");
        }
        if (waiting() + 1 < parties) {
            return line.await(loop);
        }
        line.ensureRoomToServe();
        for (int place = 0; place < parties - 1; place++) {
            line.serveFirst(place);
        }
        return parties - 1;
    }

    /**
     * Begins a new round: those who wait get an {@link AsyncBrokenBarrierException}, and the
     * barrier is whole. Never suspends.
     *
     * @throws IllegalStateException on another loop or a plain thread
     */
    public void reset() {
        enter();
        line.ensureRoomToServe();
        line.failAll(AsyncBrokenBarrierException::new, () -> "The barrier was reset");
        broken = false;
    }

    /**
     * Breaks the barrier: those who wait, and who come until it is reset, get an {@link
     * AsyncBrokenBarrierException}. Never suspends.
     *
     * @throws IllegalStateException on another loop or a plain thread
     */
    public void abort() {
        enter();
        line.ensureRoomToServe();
        line.failAll(AsyncBrokenBarrierException::new, () -> "The barrier was aborted");
        broken = true;
    }

    /** True from {@link #abort} to {@link #reset}. */
    public boolean isBroken() {
        return broken;
    }

    /** How many wait now. */
    public int waiting() {
        return line.size();
    }

    @Override
    boolean isUnused() {
        return line.isIdle();
    }

    @Override
    String state() {
        return (broken ? "broken, " : "") + waiting() + " of " + parties + line.describe("waiting");
    }
}
