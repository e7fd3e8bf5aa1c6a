package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Timer;

import org.jspecify.annotations.Nullable;

/** A user's callback that becomes ready at its time. */
final class TimerCallback extends Callback {
    private final Timer timer;

    TimerCallback(LoopCore loop, long when, @Nullable Scope scope, Runnable action) {
        super(loop, scope, action);
        timer = new Timer(when, this);
    }

    /** Sets the timer, unless it was cancelled on the way to the loop; on the loop. */
    void set() {
        if (!isCancelled()) {
            loop.timers.add(timer);
        }
    }

    @Override
    public void cancel() {
        // On a closed loop there is nothing left to take it out of.
        loop.tryExecute(() -> loop.timers.remove(timer));
        super.cancel();
    }
}
