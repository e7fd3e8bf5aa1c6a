package dev.rondo;

import dev.rondo.internal.StackRoom;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * A timeout while its body runs: it can be moved, and asked whether it has fired. Given to the body
 * by {@link Async#timeout(Duration, Body)}; as asyncio's {@code Timeout}. On the loop's thread
 * only.
 */
public final class Timeout {
    /*
     * It ends its body by a request to cancel, and takes the request back when the body has ended: so
     * it can tell its own from one that came from elsewhere, which then wins.
     */
    private enum State {
        ACTIVE,
        EXPIRED,
        FINISHED
    }

    /** Code under a timeout, with a result. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /** The code. */
        T run(Timeout timeout) throws Exception;
    }

    /** Code under a timeout. */
    @FunctionalInterface
    public interface VoidBody {
        /** The code. */
        void run(Timeout timeout) throws Exception;
    }

    private final CoroutineTask<?> task;
    private final int deliveredBefore;
    private final int depth;
    private final long began;
    private State state = State.ACTIVE;
    private long deadline;
    private @Nullable Handle timer;

    /** What it has asked for, once it has fired. */
    private @Nullable CancelRequest own;

    /** What it has told its end with; an inner timeout's looks alike. */
    private @Nullable AsyncTimeoutException thrown;

    private Timeout(CoroutineTask<?> task, long began, long deadline) {
        // Once it is set it must be ended too.
        StackRoom.ensure();
        this.task = task;
        deliveredBefore = task.delivered();
        depth = task.depth();
        this.began = began;
        this.deadline = deadline;
        set();
    }

    /** Runs the body in the current task, for so many nanoseconds. */
    static <T extends @Nullable Object> T after(
            CoroutineTask<?> task, long nanos, Body<? extends T> body) {
        return run(begin(task, nanos), body);
    }

    private static Timeout begin(CoroutineTask<?> task, long nanos) {
        long now = task.loop.time();
        return new Timeout(task, now, EventLoop.timeAfter(now, nanos));
    }

    /** Runs the body in the current task, until a time of the loop. */
    static <T extends @Nullable Object> T at(
            CoroutineTask<?> task, long deadline, Body<? extends T> body) {
        return run(new Timeout(task, task.loop.time(), deadline), body);
    }

    /** As {@link #after}; null if the time has passed. */
    static <T> @Nullable T orNull(
            CoroutineTask<?> task, long nanos, Coroutine<? extends @Nullable T> body) {
        Timeout timeout = begin(task, nanos);
        try {
            return Timeout.<@Nullable T>run(timeout, own -> body.run());
        } catch (AsyncTimeoutException e) {
            if (e == timeout.thrown) {
                return null;
            }
            throw e;
        }
    }

    private static <T extends @Nullable Object> T run(Timeout timeout, Body<? extends T> body) {
        try {
            Coroutine<T> code = () -> body.run(timeout);
            T result = code.await();
            timeout.end();
            return result;
        } catch (CancellationException e) {
            if (timeout.end()) {
                timeout.thrown = new AsyncTimeoutException(timeout.message(), e);
                throw timeout.thrown;
            }
            if (timeout.own != null) {
                timeout.task.deliverInstead(timeout.deliveredBefore);
            }
            throw e;
        } catch (Throwable e) {
            timeout.end();
            throw e;
        }
    }

    private void set() {
        EventLoop loop = task.loop;
        if (deadline <= loop.time()) {
            timer = loop.callSoon(this::fire);
        } else if (deadline < Long.MAX_VALUE) {
            timer = loop.addTimer(deadline, null, this::fire);
        }
    }

    private void unset() {
        Handle old = timer;
        timer = null;
        if (old != null) {
            old.cancel();
        }
    }

    private void fire() {
        state = State.EXPIRED;
        timer = null;
        own = CancelRequest.of(task.loop, message(), depth);
        task.requestCancel(own);
    }

    /** The body has ended; true if a cancellation that came out of it was this timeout's own. */
    private boolean end() {
        unset();
        if (own != null) {
            return task.withdraw(own, deliveredBefore) == 0;
        }
        state = State.FINISHED;
        return false;
    }

    private String message() {
        Duration limit = Duration.ofNanos(deadline - began);
        return "the timeout of " + limit + " in " + task.label() + " has passed";
    }

    /**
     * Moves the deadline to the given time from now; not positive: it fires in the next pass.
     *
     * @throws IllegalStateException if it has fired or its body has ended
     */
    public void reschedule(Duration limit) {
        rescheduleAt(task.loop.timeIn(EventLoop.nanosOrLess(limit)));
    }

    /**
     * Moves the deadline to a time of {@link EventLoop#time}; {@code Long.MAX_VALUE} means never.
     *
     * @throws IllegalStateException if it has fired or its body has ended
     */
    public void rescheduleAt(long nanoTime) {
        if (!task.loop.inLoop()) {
            throw new IllegalStateException(
                    "A timeout can be moved only on " + task.loop + "; submit() or callSoon() it");
        }
        if (state != State.ACTIVE) {
            throw new IllegalStateException(
                    state == State.EXPIRED
                            ? "The timeout has fired and cannot be moved"
                            : "The timeout's body has ended; it cannot be moved");
        }
        unset();
        deadline = nanoTime;
        set();
    }

    /**
     * When it fires, on the clock of {@link EventLoop#time}; {@code Long.MAX_VALUE} means never.
     */
    public long deadline() {
        return deadline;
    }

    /** True once it has fired, whatever its body has made of it. */
    public boolean expired() {
        return state == State.EXPIRED;
    }

    @Override
    public String toString() {
        return "Timeout[" + Objects.toString(state).toLowerCase(java.util.Locale.ROOT) + "]";
    }
}
