package dev.rondo.internal.loop;

import java.time.Duration;
import java.util.Objects;

/** How long, in nanoseconds, and when that is. */
final class Delays {
    private static final long LONGEST = Long.MAX_VALUE >> 1;

    private Delays() {}

    /** A delay in nanoseconds, at most 146 years; refuses a negative one. */
    static long nanos(Duration delay) {
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException(
                    "The delay is negative: " + delay + "; Duration.ZERO means without delay");
        }
        return delay.compareTo(Duration.ofNanos(LONGEST)) >= 0 ? LONGEST : delay.toNanos();
    }

    /** As {@link #nanos}, where no time left is as good as none given. */
    static long nanosOrLess(Duration limit) {
        return Objects.requireNonNull(limit, "limit").isNegative() ? 0 : nanos(limit);
    }

    /** Later by a delay, or for ever. */
    static long timeAfter(long now, long nanos) {
        long then = now + nanos;
        return then >= now ? then : Long.MAX_VALUE;
    }
}
