package dev.rondo.internal.loop;

import dev.rondo.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/** How a future ended that gave no value: it failed, or it was cancelled. */
final class Failure {
    /** Made when there still was memory. */
    static final Failure WITHOUT_MEMORY =
            of(new OutOfMemoryError("there was no memory left for the end of a task"));

    private final @Nullable Throwable exception;
    private final @Nullable CancelRequest request;
    final boolean cancelled;

    /** Somebody has been told of it, so that it need not be reported. */
    volatile boolean seen;

    private Failure(
            @Nullable Throwable exception, @Nullable CancelRequest request, boolean cancelled) {
        this.exception = exception;
        this.request = request;
        this.cancelled = cancelled;
    }

    /** Failed with the exception, which may well be a CancellationException of something else. */
    static Failure of(Throwable exception) {
        return new Failure(exception, null, false);
    }

    /** Cancelled by a request; every waiter gets an exception of its own, made where it waits. */
    static Failure cancelled(CancelRequest request) {
        return new Failure(null, request, true);
    }

    /** A task that ended by this exception. */
    static Failure cancelled(CancellationException exception) {
        return new Failure(exception, null, true);
    }

    /** What it failed with, not wrapped; from now on it counts as seen. */
    Throwable exception() {
        seen = true;
        if (exception != null) {
            SuspendingTask<?> task = Current.orNull();
            if (task != null) {
                task.give(exception);
            }
            return exception;
        }
        return request != null ? request.toException() : new CancellationException();
    }

    /** To be thrown at one who waits: as it is if it is unchecked, else wrapped. */
    RuntimeException toThrow() {
        return Outcome.toThrow(exception());
    }
}
