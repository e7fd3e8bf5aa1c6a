package dev.rondo.internal.loop;

import dev.rondo.Outcome;
import dev.rondo.internal.queue.ReadyQueue;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;

/** What ends once on a loop, with a result or a failure, and queues its waiters then. */
abstract class FutureState<T extends @Nullable Object> {
    /*
     * `outcome` is null while pending; then the value (NULL for null) or a Failure. Only the loop writes
     * it and the list of waiters, one coroutine or callback at a time. Other threads may read `outcome`,
     * hence the release and the acquire; all else they ask of a future goes through the loop's inbox.
     */
    private static final Object NULL = new Object();
    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME =
                    MethodHandles.lookup()
                            .findVarHandle(FutureState.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LoopCore loop;

    @SuppressWarnings("unused") // through OUTCOME
    private volatile @Nullable Object outcome;

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    FutureState(LoopCore loop) {
        this.loop = loop;
    }

    /** What to call it in a message. */
    abstract String label();

    final @Nullable Object outcome() {
        return OUTCOME.getAcquire(this);
    }

    public final boolean isDone() {
        return outcome() != null;
    }

    public final boolean isCancelled() {
        return outcome() instanceof Failure failure && failure.cancelled;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // only values of T are ever stored
    public final T result() {
        Object ended = ended();
        if (ended instanceof Failure failure) {
            throw failure.toThrow();
        }
        return ended == NULL ? null : (T) ended;
    }

    public final @Nullable Throwable exception() {
        if (!(ended() instanceof Failure failure)) {
            return null;
        }
        if (failure.cancelled) {
            throw failure.toThrow();
        }
        return failure.exception();
    }

    final Object ended() {
        Object ended = outcome();
        if (ended == null) {
            throw new IllegalStateException(
                    label() + " is not done yet; await it, or ask isDone() first");
        }
        return ended;
    }

    /** The end as a value; a failure counts as seen. Only when done. */
    final Outcome<T> toOutcome() {
        return ended() instanceof Failure failure
                ? new Outcome.Failure<>(failure.exception())
                : new Outcome.Success<>(result());
    }

    /** The failure, a cancellation too, or null; counts as seen. Only when done. */
    final @Nullable Throwable failure() {
        return ended() instanceof Failure failure ? failure.exception() : null;
    }

    /** True if it ended by a failure, which does not count as seen for that. */
    final boolean hasFailed() {
        return outcome() instanceof Failure failure && !failure.cancelled;
    }

    // How it ends: on the loop.

    final boolean settleValue(@Nullable Object value) {
        return settle(value == null ? NULL : value);
    }

    final boolean settleCancelled(CancelRequest request) {
        return outcome() == null && settle(Failure.cancelled(request));
    }

    final boolean settleCancelled(CancellationException exception) {
        return settle(Failure.cancelled(exception));
    }

    /** The end of one whose own could not even be written down. */
    final void settleWithoutMemory() {
        settle(Failure.WITHOUT_MEMORY);
    }

    final boolean settle(Object how) {
        if (outcome() != null) {
            return false;
        }
        ReadyQueue ready = loop.ready;
        OUTCOME.setRelease(this, how);
        // From here no call, which might find no stack: the whole list of waiters moves over.
        Waiter begin = first;
        Waiter end = last;
        if (begin != null && end != null) {
            first = null;
            last = null;
            for (Waiter waiter = end; waiter != null; ) {
                Waiter before = waiter.previous;
                waiter.previous = null;
                waiter = before;
            }
            ready.last.next = begin;
            ready.last = end;
        }
        return true;
    }

    // Who waits: on the loop.

    /** Queues the waiter when this ends: now, if it has. */
    final void addWaiter(Waiter waiter) {
        if (outcome() != null) {
            loop.ready(waiter);
            return;
        }
        Waiter before = last;
        waiter.previous = before;
        if (before == null) {
            first = waiter;
        } else {
            before.next = waiter;
        }
        last = waiter;
    }

    /** From any thread, for {@link CancelPath}: what is there now is the loop's. */
    final @Nullable Waiter firstWaiter() {
        return first;
    }

    /** Takes back a waiter that has not been queued; false if it has, or never was here. */
    final boolean removeWaiter(Waiter waiter) {
        Waiter before = waiter.previous;
        if (before == null && first != waiter) {
            return false;
        }
        Waiter after = (Waiter) waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        return true;
    }
}
