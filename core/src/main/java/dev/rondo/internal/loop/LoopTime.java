package dev.rondo.internal.loop;

import dev.rondo.LoopClock;

import java.util.concurrent.atomic.AtomicInteger;

/** A loop's time, and for whom it stands still where the clock can jump. From any thread. */
final class LoopTime {
    final AtomicInteger holds = new AtomicInteger();
    private final LoopClock clock;

    LoopTime(LoopClock clock) {
        this.clock = clock;
    }

    long now() {
        return clock.nanoTime();
    }

    /** The time after a delay. */
    long in(long nanos) {
        return Delays.timeAfter(now(), nanos);
    }

    long epochMillis() {
        return clock.epochMillis();
    }

    /** Whether work is under way outside, for which a clock that can jump waits. */
    boolean isHeld() {
        return holds.get() > 0;
    }

    /** Whether the clock can jump. */
    boolean isVirtual() {
        return clock != LoopClock.system();
    }
}
