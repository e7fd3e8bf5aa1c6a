package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A result that belongs to a loop: what a promise and every kind of task have in common. It ends
 * once; its waiters are then queued in the order they came.
 */
abstract class LoopFuture<T extends @Nullable Object> implements Awaitable<T> {
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

    final EventLoop loop;

    @SuppressWarnings("unused") // through OUTCOME
    private volatile @Nullable Object outcome;

    /** Somebody has heard enough of it: a failure need not be reported. */
    private boolean failureExpected;

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    LoopFuture(EventLoop loop) {
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

    // What the public kinds share.

    /** Queues the callback when this ends; from any thread. */
    final <S> Handle addCallback(ContextScope scope, S self, Consumer<S> callback) {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(callback, "callback");
        DoneCallback<S> waiter = new DoneCallback<>(this, scope, self, callback);
        loop.nowOrSoon(() -> addWaiter(waiter));
        return waiter;
    }

    public final CompletableFuture<T> toCompletableFuture() {
        return OutsideFuture.of(this);
    }

    /** Of one that is still pending, because its loop has closed, the future is cancelled. */
    final void copyTo(CompletableFuture<T> future) {
        Throwable failure = isDone() ? failure() : null;
        if (!isDone() || isCancelled()) {
            future.cancel(false);
        } else if (failure == null) {
            future.complete(result());
        } else {
            future.completeExceptionally(failure);
        }
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

    /**
     * The waiter tells code outside the loop of the end, or of the loop's, if that comes before.
     */
    final void addOutsideWaiter(Waiter waiter) {
        // First what cannot fail: whoever waits outside hears of the end at least.
        addWaiter(waiter);
        loop.outside.add(waiter);
    }

    final void removeOutsideWaiter(Waiter waiter) {
        removeWaiter(waiter);
        loop.outside.remove(waiter);
    }

    private static final class DoneCallback<S> extends Waiter implements Handle {
        private final LoopFuture<?> future;
        private final ContextScope scope;
        private final S source;
        private final Consumer<S> callback;
        private final @Nullable Throwable origin;
        private volatile boolean cancelled;

        DoneCallback(LoopFuture<?> future, ContextScope scope, S source, Consumer<S> callback) {
            this.future = future;
            this.scope = scope;
            this.source = source;
            this.callback = callback;
            origin = future.loop.origin("registered here");
        }

        @Override
        public void run() {
            if (cancelled) {
                return;
            }
            EventLoop loop = future.loop;
            loop.callbackScope = scope;
            try {
                callback.accept(source);
            } catch (Throwable e) {
                loop.report("Exception in " + this, e, future, origin);
            } finally {
                loop.callbackScope = null;
            }
        }

        @Override
        public void cancel() {
            // Sent after the registration; on a closed loop there is nothing left to leave.
            future.loop.tryExecute(() -> future.removeWaiter(this));
            cancelled = true;
        }

        @Override
        public String toString() {
            return "onDone callback " + ErrorReports.describe(callback);
        }
    }
}
