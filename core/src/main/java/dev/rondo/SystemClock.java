package dev.rondo;

/** Real time. */
enum SystemClock implements LoopClock {
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
