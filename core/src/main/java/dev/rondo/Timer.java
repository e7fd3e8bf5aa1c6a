package dev.rondo;

/** Something that becomes ready at its time; cancelled, it leaves the heap at once. On the loop. */
final class Timer {
    final long when;
    final Runnable action;

    /** Its turn among the timers of one time, given by the heap. */
    long sequence;

    /** Its place in the heap, or {@link Timers#NOWHERE}. */
    int index = Timers.NOWHERE;

    Timer(long when, Runnable action) {
        this.when = when;
        this.action = action;
    }
}
