package dev.rondo;

import dev.rondo.internal.Turn;

/** Something that becomes ready at its time; cancelled, it leaves the heap at once. On the loop. */
final class Timer extends Turn {
    final long when;
    private final Runnable action;

    /** Its turn among the timers of one time, given by the heap. */
    long sequence;

    /** Its place in the heap, or {@link Timers#NOWHERE}. */
    int index = Timers.NOWHERE;

    Timer(long when, Runnable action) {
        this.when = when;
        this.action = action;
    }

    @Override
    public void run() {
        action.run();
    }

    @Override
    public String toString() {
        return action.toString();
    }
}
