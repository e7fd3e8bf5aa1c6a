package dev.rondo.sync;

import dev.rondo.Action;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A number of permits: so many coroutines of a loop may be in at once. First come, first served. As
 * asyncio's {@code Semaphore}, and {@link #bounded} as its {@code BoundedSemaphore}.
 */
public final class AsyncSemaphore extends LoopBound {
    private final Permits permits;
    private final boolean bounded;
    private long held;

    /**
     * @param permits how many there are to begin with; may be zero
     * @throws IllegalArgumentException if negative
     */
    public AsyncSemaphore(int permits) {
        this(permits, false);
    }

    private AsyncSemaphore(int permits, boolean bounded) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "A semaphore cannot begin with " + permits + " permits; zero is the least");
        }
        this.permits = new Permits(permits);
        this.bounded = bounded;
    }

    /**
     * A semaphore that refuses a release without an acquire.
     *
     * @throws IllegalArgumentException if negative
     */
    public static AsyncSemaphore bounded(int permits) {
        return new AsyncSemaphore(permits, true);
    }

    /**
     * Takes a permit; suspends while there is none.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     then it has no permit
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public void acquire() {
        EventLoop loop = enterToWait();
        permits.acquire(loop);
        held++;
    }

    /**
     * Takes a permit if there is one and nobody waits for it; never suspends.
     *
     * @return whether the caller has one now
     * @throws IllegalStateException on another loop or a plain thread
     */
    public boolean tryAcquire() {
        enter();
        if (!permits.tryAcquire()) {
            return false;
        }
        held++;
        return true;
    }

    /**
     * Gives a permit to the first that waits, else puts it back; never suspends. Any task of the
     * loop may do so.
     *
     * @throws IllegalStateException if a bounded semaphore has given nobody a permit, or on another
     *     loop or a plain thread
     */
    public void release() {
        enter();
        if (bounded && held == 0) {
            throw new IllegalStateException(
                    this + " has given nobody a permit; this release has no acquire");
        }
        permits.ensureRoomToServe();
        permits.release();
        held--;
    }

    /** True if {@link #acquire} would suspend: no permit is free, or those are promised. */
    public boolean isLocked() {
        return !permits.isFree();
    }

    /** As {@link #isLocked}, by asyncio's name. */
    public boolean locked() {
        return isLocked();
    }

    /**
     * Runs the body with a permit.
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
        return held <= 0 && permits.isIdle();
    }

    @Override
    String state() {
        return permits.free() + " free" + permits.describeWaiters("waiting");
    }
}
