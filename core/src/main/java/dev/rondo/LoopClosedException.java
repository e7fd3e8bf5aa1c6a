package dev.rondo;

/**
 * A loop takes no more work: it is closed or about to close, or a {@link EventLoop#run run} of it
 * is at its end.
 */
public final class LoopClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Says which loop it is. */
    public LoopClosedException(String message) {
        super(message);
    }
}
