package dev.rondo;

import dev.rondo.internal.Turn;

import org.jspecify.annotations.Nullable;

/** A user's callback in the ready queue. */
class Callback extends Turn implements Handle {
    final EventLoop loop;
    private final @Nullable ContextScope scope;
    private final Runnable action;
    private final @Nullable Throwable origin;
    private volatile boolean cancelled;

    /**
     * @param scope the values of context variables that a user's callback shall see
     */
    Callback(EventLoop loop, @Nullable ContextScope scope, Runnable action) {
        this.loop = loop;
        this.scope = scope;
        this.action = action;
        origin = loop.origin("scheduled here");
    }

    @Override
    public final void run() {
        if (!cancelled) {
            loop.callbackScope = scope;
            try {
                action.run();
            } catch (Throwable e) {
                loop.report("Exception in " + this, e, null, origin);
            } finally {
                loop.callbackScope = null;
            }
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
