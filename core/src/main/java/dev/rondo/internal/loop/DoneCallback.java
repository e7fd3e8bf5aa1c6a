package dev.rondo.internal.loop;

import dev.rondo.Handle;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** A user's callback that is queued when a future ends. */
final class DoneCallback<T extends @Nullable Object> extends Waiter implements Handle {
    private final LoopFuture<T> future;
    private final Scope scope;
    private final Consumer<Task<T>> action;
    private final @Nullable Throwable origin;
    private volatile boolean cancelled;

    DoneCallback(LoopFuture<T> future, Scope scope, Consumer<Task<T>> action) {
        this.future = future;
        this.scope = scope;
        this.action = action;
        origin = future.loop.origin("registered here");
    }

    @Override
    public void run() {
        if (!cancelled) {
            Callback.call(future.loop, scope, () -> action.accept(future), this, future, origin);
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
        return "onDone callback " + ErrorReports.describe(action);
    }
}
