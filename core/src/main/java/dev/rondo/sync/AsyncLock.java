package dev.rondo.sync;

import dev.rondo.Action;
import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A lock that one coroutine of a loop holds at a time, across suspensions. First come, first
 * served; at release the first waiter owns it at once. Not reentrant: a coroutine that waits for a
 * lock it holds waits for ever. Any task of the loop may release it. As asyncio's {@code Lock}.
 */
public final class AsyncLock extends LoopBound {
    private final Permits permits = new Permits(1);
    private boolean held;
    private @Nullable Task<?> holder;

    /** A lock that is free. */
    public AsyncLock() {}

    /**
     * Waits until the lock is the caller's; suspends only if it is held.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     then it does not hold the lock
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public void acquire() {
        EventLoop loop = enterToWait();
        // No call once the permit is taken: it might find no stack.
        Task<?> caller = Async.currentTask();
        permits.acquire(loop);
        held = true;
        holder = caller;
    }

    /**
     * Takes the lock if it is free and nobody waits for it; never suspends.
     *
     * @return whether it is the caller's now
     * @throws IllegalStateException on another loop or a plain thread
     */
    public boolean tryAcquire() {
        enter();
        Task<?> caller = Async.currentTask();
        if (!permits.tryAcquire()) {
            return false;
        }
        held = true;
        holder = caller;
        return true;
    }

    /**
     * Gives the lock to the first that waits, else frees it; never suspends.
     *
     * @throws IllegalStateException if it is not held, or on another loop or a plain thread
     */
    public void release() {
        checkHeld("release it");
        permits.ensureRoomToServe();
        permits.release();
        held = false;
        holder = null;
    }

    /** One that is promised is not held: nobody can give back what has yet to arrive. */
    void checkHeld(String what) {
        enter();
        if (!held) {
            throw new IllegalStateException(
                    this + " must be held to " + what + "; call this within with(() -> ...)");
        }
    }

    /** True while it is held, or promised to one that waited. */
    public boolean isLocked() {
        return permits.free() == 0;
    }

    /** As {@link #isLocked}, by asyncio's name. */
    public boolean locked() {
        return isLocked();
    }

    /**
     * Runs the body while the lock is held.
     *
     * @return the body's result; its failure is thrown as by {@link Coroutine#await}
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     then the body does not run
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public <T extends @Nullable Object> T with(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        acquire();
        try {
            return body.await();
        } finally {
            release();
        }
    }

    /** As {@link #with(Coroutine)}, without a result. */
    public void with(Action body) {
        with(Coroutine.of(body));
    }

    @Override
    boolean isUnused() {
        return !isLocked() && permits.isIdle();
    }

    @Override
    String state() {
        String holding = held ? "held by " + Line.name(holder) : isLocked() ? "promised" : "free";
        return holding + permits.describeWaiters("waiting");
    }
}
