package dev.rondo.sync;

/** A queue was shut down: it takes nothing more, or has nothing left to give. */
public class AsyncQueueShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With what has happened. */
    public AsyncQueueShutDownException(String message) {
        super(message);
    }
}
