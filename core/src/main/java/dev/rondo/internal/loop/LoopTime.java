package dev.rondo.internal.loop;

import dev.rondo.LoopClock;
import dev.rondo.internal.queue.Driver;

import java.util.concurrent.atomic.AtomicInteger;

/** A loop's time, and for whom it stands still where the clock can jump. From any thread. */
final class LoopTime {
    /*
     * Holds that last until they are released are counted; those that are bounded too, and as long as
     * there are any, time stands still until the last of their bounds.
     */
    private final LoopClock clock;
    private final AtomicInteger holds = new AtomicInteger();
    private final AtomicInteger boundedHolds = new AtomicInteger();
    private volatile long lastBound;

    LoopTime(LoopClock clock) {
        this.clock = clock;
    }

    LoopClock clock() {
        return clock;
    }

    long now() {
        return clock.nanoTime();
    }

    /** The time after a delay. */
    long in(long nanos) {
        return Delays.timeAfter(now(), nanos);
    }

    /** Whether the clock can jump. */
    boolean isVirtual() {
        return clock != LoopClock.system();
    }

    void hold(long atMost) {
        if (atMost == TimeHold.UNBOUNDED) {
            holds.incrementAndGet();
        } else {
            lastBound = System.nanoTime() + atMost;
            boundedHolds.incrementAndGet();
        }
    }

    void release(long atMost) {
        (atMost == TimeHold.UNBOUNDED ? holds : boundedHolds).decrementAndGet();
    }

    /** How much longer, in real time, the clock stands still unless a hold is released. */
    long heldFor() {
        if (!isVirtual()) {
            return 0;
        }
        if (holds.get() > 0) {
            return Driver.FOR_EVER;
        }
        return boundedHolds.get() > 0 ? Math.max(0, lastBound - System.nanoTime()) : 0;
    }
}
