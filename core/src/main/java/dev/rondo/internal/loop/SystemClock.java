package dev.rondo.internal.loop;

import dev.rondo.LoopClock;

/** Real time. */
public enum SystemClock implements LoopClock {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public boolean jumpTo(long nanoTime) {
        return false;
    }
}
