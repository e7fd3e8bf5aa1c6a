package dev.rondo;

import org.jspecify.annotations.Nullable;

/** A user's callback in the ready queue. */
class Callback implements Handle, Runnable {
    final EventLoop loop;
    private final Runnable action;
    private final @Nullable Throwable origin;
    private volatile boolean cancelled;

    Callback(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
        origin = loop.origin("scheduled here");
    }

    @Override
    public final void run() {
        if (!cancelled) {
            try {
                action.run();
            } catch (Throwable e) {
                loop.report("Exception in callback " + ErrorReports.describe(action), e, origin);
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
