package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A failure that no code waits for: of a callback, of a task nobody looked at, of other code that a
 * loop calls. Given to {@link EventLoop#onFailure}.
 *
 * @param loop the loop it happened on
 * @param what what failed, in words
 * @param failure what it failed with
 * @param task the task that failed, or whose callback or action did; null if there is none, or it
 *     has been collected
 * @param origin where the task or callback was made, as a stack trace; null outside debug mode
 */
public record LoopFailure(
        EventLoop loop,
        String what,
        Throwable failure,
        @Nullable Task<?> task,
        @Nullable Throwable origin) {
    /** All but the task and the origin must be given. */
    public LoopFailure {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(failure, "failure");
    }
}
