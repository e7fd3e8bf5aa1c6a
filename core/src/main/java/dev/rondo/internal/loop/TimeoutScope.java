package dev.rondo.internal.loop;

import dev.rondo.AsyncFunction;
import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.Handle;
import dev.rondo.Timeout;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** A timeout while its body runs in a task. */
public final class TimeoutScope implements Timeout {
    /*
     * It ends its body by a request to cancel, and takes the request back when the body has ended: so
     * it can tell its own from one that came from elsewhere, which then wins.
     */
    private enum State {
        ACTIVE,
        EXPIRED,
        FINISHED
    }

    private final SuspendingTask<?> task;
    private final Cancellation cancellation;
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

    private TimeoutScope(SuspendingTask<?> task, long began, long deadline) {
        // Once it is set it must be ended too.
        StackRoom.ensure();
        this.task = task;
        cancellation = task.cancellation();
        deliveredBefore = cancellation.delivered();
        depth = cancellation.depth();
        this.began = began;
        this.deadline = deadline;
        set();
    }

    /** Runs the body in the current task, for so many nanoseconds. */
    static <T extends @Nullable Object> T after(
            SuspendingTask<?> task, long nanos, AsyncFunction<Timeout, ? extends T> body) {
        return run(begin(task, nanos), body);
    }

    private static TimeoutScope begin(SuspendingTask<?> task, long nanos) {
        long now = task.loop.time.now();
        return new TimeoutScope(task, now, Delays.timeAfter(now, nanos));
    }

    /** Runs the body in the current task, until a time of the loop. */
    static <T extends @Nullable Object> T at(
            SuspendingTask<?> task, long deadline, AsyncFunction<Timeout, ? extends T> body) {
        return run(new TimeoutScope(task, task.loop.time.now(), deadline), body);
    }

    /** As {@link #after}; null if the time has passed. */
    static <T> @Nullable T orNull(
            SuspendingTask<?> task, long nanos, Coroutine<? extends @Nullable T> body) {
        TimeoutScope timeout = begin(task, nanos);
        try {
            return TimeoutScope.<@Nullable T>run(timeout, own -> body.run());
        } catch (AsyncTimeoutException e) {
            if (e == timeout.thrown) {
                return null;
            }
            throw e;
        }
    }

    private static <T extends @Nullable Object> T run(
            TimeoutScope timeout, AsyncFunction<Timeout, ? extends T> body) {
        try {
            Coroutine<T> code = () -> body.apply(timeout);
            T result = code.await();
            timeout.end();
            return result;
        } catch (CancellationException e) {
            if (timeout.end()) {
                timeout.thrown = new AsyncTimeoutException(timeout.message(), e);
                throw timeout.thrown;
            }
            if (timeout.own != null) {
                timeout.cancellation.deliverInstead(timeout.deliveredBefore);
            }
            throw e;
        } catch (Throwable e) {
            timeout.end();
            throw e;
        }
    }

    private void set() {
        LoopCore loop = task.loop;
        if (deadline <= loop.time.now()) {
            timer = loop.callSoon(null, this::fire);
        } else if (deadline < Long.MAX_VALUE) {
            timer = loop.callAt(deadline, null, this::fire);
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
            return cancellation.withdraw(own, deliveredBefore) == 0;
        }
        state = State.FINISHED;
        return false;
    }

    private String message() {
        Duration limit = Duration.ofNanos(deadline - began);
        return "the timeout of " + limit + " in " + task.label() + " has passed";
    }

    @Override
    public void reschedule(Duration limit) {
        rescheduleAt(task.loop.time.in(Delays.nanosOrLess(limit)));
    }

    @Override
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

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public boolean isExpired() {
        return state == State.EXPIRED;
    }

    @Override
    public String toString() {
        return "Timeout[" + Objects.toString(state).toLowerCase(java.util.Locale.ROOT) + "]";
    }
}
