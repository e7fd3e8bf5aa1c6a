package dev.rondo.internal.queue;

/** Something that becomes ready at its time; cancelled, it leaves the heap at once. On the loop. */
public final class Timer extends Turn {
    /** When it is due, on the loop's clock. */
    public final long when;

    private final Runnable action;

    /** Its turn among the timers of one time, given by the heap. */
    long sequence;

    /** Its place in the heap, or {@link Timers#NOWHERE}. */
    int index = Timers.NOWHERE;

    /** A timer that has not been set. */
    public Timer(long when, Runnable action) {
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
