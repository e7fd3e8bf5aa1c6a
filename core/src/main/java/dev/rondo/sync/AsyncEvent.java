package dev.rondo.sync;

import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

/**
 * A flag that coroutines of a loop wait for. All who wait when it is set go on, also if it is
 * cleared at once. As asyncio's {@code Event}.
 */
public final class AsyncEvent extends LoopBound {
    private final Line<@Nullable Object> line = new Line<>();
    private boolean set;

    /** An event that is not set. */
    public AsyncEvent() {}

    /**
     * Sets the flag and lets all go on who wait, in the order they came; never suspends.
     *
     * @throws IllegalStateException on another loop or a plain thread
     */
    public void set() {
        enter();
        line.ensureRoomToServe();
        while (line.serveFirst(null)) {}
        set = true;
    }

    /**
     * Takes the flag back: who comes from now on waits; never suspends.
     *
     * @throws IllegalStateException on another loop or a plain thread
     */
    public void clear() {
        enter();
        set = false;
    }

    /** Whether the flag is set. */
    public boolean isSet() {
        return set;
    }

    /**
     * Waits until the flag is set; does not suspend if it is.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public void await() {
        EventLoop loop = enterToWait();
        if (!set) {
            line.await(loop);
        }
    }

    @Override
    boolean isUnused() {
        return line.isIdle();
    }

    @Override
    String state() {
        return (set ? "set" : "not set") + line.describe("waiting");
    }
}
