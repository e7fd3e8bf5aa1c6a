package dev.rondo;

import org.jspecify.annotations.Nullable;

/** A callback that becomes ready at its time; cancelled, it leaves the heap at once. */
final class Timer extends Callback {
    private final Timers timers;
    final long when;

    /** Its turn among the timers of one time, given by the heap. */
    long sequence;

    /** Its place in the heap, or {@link Timers#NOWHERE}. */
    int index = Timers.NOWHERE;

    Timer(EventLoop loop, Timers timers, long when, @Nullable ContextScope scope, Runnable action) {
        super(loop, scope, action);
        this.timers = timers;
        this.when = when;
    }

    @Override
    public void cancel() {
        super.cancel();
        // On a closed loop there is nothing left to take it out of.
        loop.tryExecute(() -> timers.remove(this));
    }

    /** Puts it into the heap, unless it was cancelled on the way there; on the loop. */
    void set() {
        if (!isCancelled()) {
            timers.add(this);
        }
    }

    boolean isBefore(Timer other) {
        return when != other.when ? when < other.when : sequence < other.sequence;
    }
}
