package dev.rondo.sync;

import dev.rondo.Action;
import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Waits, under a lock, for others to change what the lock guards. As asyncio's {@code Condition},
 * with the names of {@link java.util.concurrent.locks.Condition}.
 *
 * <pre>{@code
 * condition.with(() -> {
 *     condition.awaitUntil(() -> !items.isEmpty());
 *     return items.removeFirst();
 * });
 * }</pre>
 */
public final class AsyncCondition extends LoopBound {
    private final AsyncLock lock;
    private final Line<@Nullable Object> line = new Line<>();

    /** A condition with a lock of its own. */
    public AsyncCondition() {
        this(new AsyncLock());
    }

    /** A condition of a lock that others may use too. */
    public AsyncCondition(AsyncLock lock) {
        this.lock = Objects.requireNonNull(lock, "lock");
    }

    /** Acquires the lock, as {@link AsyncLock#acquire}. */
    public void acquire() {
        lock.acquire();
    }

    /** Takes the lock if it is free, as {@link AsyncLock#tryAcquire}. */
    public boolean tryAcquire() {
        return lock.tryAcquire();
    }

    /** Releases the lock, as {@link AsyncLock#release}. */
    public void release() {
        lock.release();
    }

    /** Whether the lock is held. */
    public boolean isLocked() {
        return lock.isLocked();
    }

    /** As {@link #isLocked}, by asyncio's name. */
    public boolean locked() {
        return isLocked();
    }

    /** Runs the body while the lock is held, as {@link AsyncLock#with(Coroutine)}. */
    public <T extends @Nullable Object> T with(Coroutine<T> body) {
        return lock.with(body);
    }

    /** As {@link #with(Coroutine)}, without a result. */
    public void with(Action body) {
        lock.with(body);
    }

    /**
     * Releases the lock, waits for a signal, and takes the lock again. What it waits for may have
     * changed once more by then: {@link #awaitUntil} looks.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled meanwhile; it
     *     holds the lock again when this is thrown, and a signal it had got goes to the next
     * @throws IllegalStateException if the lock is not held, or outside a coroutine of its loop
     */
    public void await() {
        EventLoop loop = enterToWait();
        lock.checkHeld("wait for " + this);
        // It has to take the lock again whatever happens, for which it may have to suspend.
        StackRoom.ensureMuch();
        lock.release();
        boolean signalled = false;
        try {
            try {
                // One that is cancelled with a signal in hand passes it on.
                line.await(loop, () -> {}, signal -> line.serveFirst(null));
                signalled = true;
            } finally {
                // Whoever leaves this method holds the lock: requests to cancel wait until then.
                Async.shielded(lock::acquire);
                Async.checkCancelled();
            }
        } catch (Throwable e) {
            if (signalled) {
                line.serveFirst(null);
            }
            throw e;
        }
    }

    /**
     * Waits until the predicate is true, which is looked at under the lock: now, and after every
     * signal. Does not suspend, and needs no lock, if it is true now.
     *
     * @throws java.util.concurrent.CancellationException as {@link #await}
     * @throws IllegalStateException if the predicate is false and the lock is not held, or outside
     *     a coroutine of its loop
     */
    public void awaitUntil(BooleanSupplier predicate) {
        Objects.requireNonNull(predicate, "predicate");
        enterToWait();
        while (!predicate.getAsBoolean()) {
            await();
        }
    }

    /** As {@link #signal(int)}, for one. */
    public void signal() {
        signal(1);
    }

    /**
     * Lets the first {@code n} who wait go on, as soon as they have the lock; never suspends. If
     * fewer wait, nothing is remembered.
     *
     * @throws IllegalStateException if the lock is not held, or on another loop or a plain thread
     * @throws IllegalArgumentException if negative
     */
    public void signal(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("Cannot signal " + n + " waiters");
        }
        enter();
        lock.checkHeld("signal " + this);
        line.ensureRoomToServe();
        for (int left = n; left > 0 && line.serveFirst(null); left--) {}
    }

    /** As {@link #signal(int)}, for all. */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    @Override
    boolean isUnused() {
        return line.isIdle();
    }

    @Override
    String state() {
        return lock + line.describe("waiting");
    }
}
