package dev.rondo.sync;

/** A barrier was broken or reset: its round will not be complete. */
public class AsyncBrokenBarrierException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With what has happened. */
    public AsyncBrokenBarrierException(String message) {
        super(message);
    }
}
