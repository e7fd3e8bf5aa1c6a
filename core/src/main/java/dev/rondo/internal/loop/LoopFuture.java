package dev.rondo.internal.loop;

import dev.rondo.Awaitable;
import dev.rondo.ContextScope;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Task;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What promises and all other kinds of task have in common: what can be awaited, asked to end, and
 * looked at from outside.
 */
public abstract non-sealed class LoopFuture<T extends @Nullable Object> extends FutureState<T>
        implements Task<T> {
    /** Somebody has heard enough of it: a failure need not be reported. */
    private boolean failureExpected;

    LoopFuture(LoopCore loop) {
        super(loop);
    }

    /**
     * Asks for the end, on the loop. What that means is the kind's own: a promise is cancelled at
     * once, a task is told.
     *
     * @return false if it was too late
     */
    abstract boolean requestCancel(CancelRequest request);

    @Override
    public final T await() {
        SuspendingTask<?> task = Current.orThrow("await a task or promise");
        if (outcome() == null) {
            task.waitFor(this);
        }
        return result();
    }

    /** The step of a request to cancel that has others to ask; null: it has none. */
    @Nullable CancelStep cancelStep(
            @Nullable CancelStep before, boolean asks, CancelRequest request) {
        return null;
    }

    /** Where it was made, in debug mode. */
    @Nullable Throwable origin() {
        return null;
    }

    /** Whether its label means anything to a reader. */
    boolean isNamed() {
        return true;
    }

    // How it fails: on the loop.

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

    /** Should it fail, that counts as seen. */
    final void expectFailure() {
        failureExpected = true;
    }

    /** Gives a failure that nobody has looked at to the error handler. Only when done. */
    final void reportUnseenFailure(String what) {
        if (ended() instanceof Failure failure && !failure.cancelled && !failure.seen) {
            loop.report(label() + " " + what, failure.exception(), this, origin());
        }
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
