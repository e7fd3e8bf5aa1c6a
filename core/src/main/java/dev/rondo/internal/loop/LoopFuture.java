package dev.rondo.internal.loop;

import dev.rondo.Awaitable;
import dev.rondo.ContextScope;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Task;
import dev.rondo.internal.fiber.StackRoom;
import dev.rondo.internal.queue.ReadyQueue;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What ends once on a loop, with a result or a failure, and queues its waiters then, in the order
 * they came: what promises and all other kinds of task have in common.
 */
public abstract non-sealed class LoopFuture<T extends @Nullable Object> implements Task<T> {
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
                    MethodHandles.lookup().findVarHandle(LoopFuture.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LoopCore loop;

    @SuppressWarnings("unused") // through OUTCOME
    private volatile @Nullable Object outcome;

    /** Somebody has heard enough of it: a failure need not be reported. */
    private boolean failureExpected;

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    LoopFuture(LoopCore loop) {
        this.loop = loop;
    }

    /**
     * Asks for the end, on the loop. What that means is the kind's own: a promise is cancelled at
     * once, a task is told.
     *
     * @return false if it was too late
     */
    abstract boolean requestCancel(CancelRequest request);

    /** What to call it in a message. */
    abstract String label();

    private @Nullable Object outcome() {
        return OUTCOME.getAcquire(this);
    }

    @Override
    public final T await() {
        CoroutineTask<?> task = CoroutineTask.current("await a task or promise");
        if (outcome() == null) {
            task.waitFor(this);
        }
        return result();
    }

    @Override
    public final boolean isDone() {
        return outcome() != null;
    }

    @Override
    public final boolean isCancelled() {
        return outcome() instanceof Failure failure && failure.cancelled;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // only values of T are ever stored
    public final T result() {
        Object ended = ended();
        if (ended instanceof Failure failure) {
            throw failure.toThrow();
        }
        return ended == NULL ? null : (T) ended;
    }

    @Override
    public final @Nullable Throwable exception() {
        if (!(ended() instanceof Failure failure)) {
            return null;
        }
        if (failure.cancelled) {
            throw failure.toThrow();
        }
        return failure.exception();
    }

    private Object ended() {
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

    /** Gives a failure that nobody has looked at to the error handler. Only when done. */
    final void reportUnseenFailure(String what) {
        if (ended() instanceof Failure failure && !failure.cancelled && !failure.seen) {
            Throwable origin = this instanceof CoroutineTask<?> task ? task.origin : null;
            loop.report(label() + " " + what, failure.exception(), this, origin);
        }
    }

    // How it ends: on the loop.

    final boolean settleValue(@Nullable Object value) {
        return settle(value == null ? NULL : value);
    }

    final boolean settleFailed(Throwable exception) {
        if (isDone()) {
            return false;
        }
        Failure failure = Failure.of(exception);
        failure.seen = failureExpected;
        try {
            if (!failureExpected && !(exception instanceof CancellationException)) {
                loop.unseen.watch(this, failure);
            }
            return settle(failure);
        } catch (Throwable e) {
            // No stack or memory is left: it has not failed.
            failure.seen = true;
            throw e;
        }
    }

    /** Ends as given by somebody who knows the outcome: nobody has to look at it. */
    final void settleAs(Outcome<? extends T> known) {
        switch (known) {
            case Outcome.Success<? extends T> success -> settleValue(success.value());
            case Outcome.Failure<? extends T> given -> {
                Failure failure = Failure.of(given.exception());
                failure.seen = true;
                settle(failure);
            }
        }
    }

    /** The end of one whose own could not even be written down. */
    final void settleWithoutMemory() {
        settle(Failure.WITHOUT_MEMORY);
    }

    /** Should it fail, that counts as seen. */
    final void expectFailure() {
        failureExpected = true;
    }

    final boolean settleCancelled(CancelRequest request) {
        return outcome() == null && settle(Failure.cancelled(request));
    }

    final boolean settleCancelled(CancellationException exception) {
        return settle(Failure.cancelled(exception));
    }

    /** Ends as the other has, a failure of which counts as seen; does nothing if this is done. */
    final void settleAs(LoopFuture<? extends T> other) {
        if (isDone()) {
            return;
        }
        try {
            Throwable failure = other.failure();
            if (failure == null) {
                settleValue(other.result());
            } else if (other.isCancelled()) {
                settleCancelled(CancelRequest.of(loop, failure.getMessage()));
            } else {
                settleFailed(failure);
            }
        } catch (OutOfMemoryError e) {
            settleWithoutMemory();
        }
    }

    private boolean settle(Object how) {
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

    // As a task.

    @Override
    public final boolean cancel() {
        return cancel(null);
    }

    @Override
    public final boolean cancel(@Nullable String message) {
        return !isDone() && ask(CancelRequest.of(loop, message));
    }

    @Override
    public final boolean cancelTree(@Nullable String message) {
        return !isDone() && ask(CancelRequest.ofTree(loop, message));
    }

    private boolean ask(CancelRequest request) {
        // It meets many on its way, and shall meet all of them or none.
        StackRoom.ensure();
        return loop.inLoop()
                ? requestCancel(request)
                : loop.tryExecute(() -> requestCancel(request));
    }

    @Override
    public final boolean cancelReaches(Awaitable<?> other) {
        return other instanceof LoopFuture<?> future && CancelPath.leads(this, future);
    }

    @Override
    public final int uncancel() {
        if (!loop.inLoop()) {
            throw new IllegalStateException(
                    "uncancel() is for the loop's own thread; call it in a coroutine of "
                            + loop.name());
        }
        return takeCancelBack();
    }

    /** Takes one request back; how many are left. */
    abstract int takeCancelBack();

    @Override
    public final Handle onDone(Consumer<Task<T>> callback) {
        return onDone(Scope.copy(), callback);
    }

    @Override
    public final Handle onDone(ContextScope scope, Consumer<Task<T>> callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        DoneCallback<T> waiter = new DoneCallback<>(this, Scope.of(scope), callback);
        loop.nowOrSoon(() -> addWaiter(waiter));
        return waiter;
    }

    @Override
    public final CompletableFuture<T> toCompletableFuture() {
        return OutsideFuture.of(this);
    }

    @Override
    public final T join() {
        Outside.join(this);
        return result();
    }

    @Override
    public String toString() {
        Object how = outcome();
        String state =
                how == null
                        ? pending()
                        : !(how instanceof Failure failure)
                                ? "done"
                                : failure.cancelled ? "cancelled" : "failed";
        return label() + "[" + state + "]";
    }

    /** What to say of it while it is not done. */
    String pending() {
        return "pending";
    }
}
