package dev.rondo.internal.loop;

import dev.rondo.Handle;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

/** A user's callback in the ready queue. */
class Callback extends Turn implements Handle {
    final LoopCore loop;
    private final @Nullable Scope scope;
    private final Runnable action;
    private final @Nullable Throwable origin;
    private volatile boolean cancelled;

    /**
     * @param scope the values of context variables that a user's callback shall see
     */
    Callback(LoopCore loop, @Nullable Scope scope, Runnable action) {
        this.loop = loop;
        this.scope = scope;
        this.action = action;
        origin = loop.origin("scheduled here");
    }

    @Override
    public final void run() {
        if (!cancelled) {
            call(loop, scope, action, this, null, origin);
        }
    }

    /**
     * Runs a user's code in its scope, and reports its failure.
     *
     * @param callback what failed then
     * @param of the future whose end called it
     */
    static void call(
            LoopCore loop,
            @Nullable Scope scope,
            Runnable action,
            Object callback,
            @Nullable LoopFuture<?> of,
            @Nullable Throwable origin) {
        loop.callbackScope.ofCallback = scope;
        try {
            action.run();
        } catch (Throwable e) {
            loop.report("Exception in " + callback, e, of, origin);
        } finally {
            loop.callbackScope.ofCallback = null;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    @Override
    public String toString() {
        return "callback " + ErrorReports.describe(action);
    }
}
