package dev.rondo;

/**
 * A timeout has passed: unchecked kin of {@link java.util.concurrent.TimeoutException}. Its cause
 * is the {@code CancellationException} that ended the code under the timeout, where there is one.
 */
public class AsyncTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says which timeout it was, and how long. */
    public AsyncTimeoutException(String message) {
        super(message);
    }

    /** Says which timeout it was, and how long. */
    public AsyncTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
