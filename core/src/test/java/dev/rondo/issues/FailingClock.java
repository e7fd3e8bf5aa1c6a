package dev.rondo.issues;

import dev.rondo.LoopClock;

/** The system's time, until it breaks. */
final class FailingClock implements LoopClock {
    volatile boolean broken;

    @Override
    public long nanoTime() {
        if (broken) {
            throw new IllegalStateException("no time");
        }
        return System.nanoTime();
    }

    @Override
    public boolean jumpTo(long nanoTime) {
        return false;
    }
}
