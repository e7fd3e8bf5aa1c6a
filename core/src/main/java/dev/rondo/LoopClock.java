package dev.rondo;

import dev.rondo.internal.loop.SystemClock;

/**
 * Where a loop takes its time from. The system's clock, unless a test sets a {@link
 * dev.rondo.testing.VirtualClock}.
 */
public interface LoopClock {
    /** The time in nanoseconds since some fixed moment; never runs backwards. */
    long nanoTime();

    /**
     * Called by the loop when nothing can run before the given time and no work outside the loop is
     * known to be under way.
     *
     * @param nanoTime when the next timer is due, on this clock
     * @return true if the clock has moved to that time; false if the loop shall sleep until then
     */
    boolean jumpTo(long nanoTime);

    /**
     * What goes for the time of day, in milliseconds since 1970 in UTC; without more, 1970 began
     * when {@link #nanoTime} was zero.
     */
    default long epochMillis() {
        return nanoTime() / 1_000_000;
    }

    /** The system's monotonic clock, {@link System#nanoTime}. */
    static LoopClock system() {
        return SystemClock.INSTANCE;
    }
}
