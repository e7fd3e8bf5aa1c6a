package dev.rondo;

/** Real time. */
enum SystemClock implements LoopClock {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public boolean jumpTo(long nanoTime) {
        return false;
    }
}
