package dev.rondo;

import dev.rondo.internal.loop.TimeoutScope;

import java.time.Duration;

/**
 * A timeout while its body runs: it can be moved, and asked whether it has fired. Given to the body
 * by {@link Async#timeout(Duration, Body)}; as asyncio's {@code Timeout}. On the loop's thread
 * only.
 */
public sealed interface Timeout permits TimeoutScope {
    /**
     * Moves the deadline to the given time from now; not positive: it fires in the next pass.
     *
     * @throws IllegalStateException if it has fired or its body has ended
     */
    void reschedule(Duration limit);

    /**
     * Moves the deadline to a time of {@link EventLoop#time}; {@code Long.MAX_VALUE} means never.
     *
     * @throws IllegalStateException if it has fired or its body has ended
     */
    void rescheduleAt(long nanoTime);

    /**
     * When it fires, on the clock of {@link EventLoop#time}; {@code Long.MAX_VALUE} means never.
     */
    long deadline();

    /** True once it has fired, whatever its body has made of it. */
    boolean isExpired();
}
