package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/**
 * Who asks a task to end, and why.
 *
 * @param message said in the exception
 * @param origin where the request was made, in debug mode
 * @param depth how many {@link Enclosure}s of the task lie around whoever asks: these it does not
 *     meet, for a scope reaches its own code only
 * @param tree whether it goes at once to the children of the groups it meets
 */
record CancelRequest(
        @Nullable String message, @Nullable Throwable origin, int depth, boolean tree) {
    /** A request from outside the task. */
    static CancelRequest of(LoopCore loop, @Nullable String message) {
        return of(loop, message, 0, false);
    }

    static CancelRequest of(LoopCore loop, @Nullable String message, int depth) {
        return of(loop, message, depth, false);
    }

    /** As {@link #of(LoopCore, String)}, for the whole tree below the task. */
    static CancelRequest ofTree(LoopCore loop, @Nullable String message) {
        return of(loop, message, 0, true);
    }

    private static CancelRequest of(
            LoopCore loop, @Nullable String message, int depth, boolean tree) {
        Throwable origin = null;
        if (loop.isDebug()) {
            SuspendingTask<?> asking = Current.orNull();
            origin = loop.origin(asking == null ? "cancelled" : "cancelled by " + asking.label());
        }
        return new CancelRequest(message, origin, depth, tree);
    }

    /** The same for another task, where the asking task's enclosures mean nothing. */
    CancelRequest outside() {
        return depth == 0 ? this : new CancelRequest(message, origin, 0, tree);
    }

    /** A new exception, made where it is thrown. */
    CancellationException toException() {
        CancellationException exception = new CancellationException(message);
        if (origin != null) {
            exception.initCause(origin);
        }
        return exception;
    }
}
