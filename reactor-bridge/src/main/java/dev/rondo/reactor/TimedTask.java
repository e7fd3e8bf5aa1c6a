package dev.rondo.reactor;

import dev.rondo.ContextScope;
import dev.rondo.Handle;

import org.jspecify.annotations.Nullable;

/** A task that is delayed, periodic, or both; it waits as a timer of the loop. */
final class TimedTask extends ScheduledTask {
    /** In place of a period. */
    private static final long ONCE = 0;

    /** In place of a period that is zero or less: after each run it queues up at once. */
    private static final long AT_ONCE = -1;

    private final long period;

    // Only on the loop, once it is there.
    private long when;
    private @Nullable Handle timer;
    private boolean ended;

    private TimedTask(Submissions submissions, Runnable action, long delay, long period) {
        super(submissions, action);
        this.period = period;
        when = later(submissions.loop.time(), Math.max(delay, 0));
    }

    /**
     * A task that runs once.
     *
     * @param delay nanoseconds
     */
    static TimedTask once(Submissions submissions, Runnable action, long delay) {
        return new TimedTask(submissions, action, delay, ONCE);
    }

    /**
     * A task that runs at a fixed rate: if it is late, it runs as often as it has missed.
     *
     * @param period nanoseconds
     */
    static TimedTask periodic(Submissions submissions, Runnable action, long delay, long period) {
        return new TimedTask(submissions, action, delay, period > 0 ? period : AT_ONCE);
    }

    private static long later(long now, long nanos) {
        long then = now + nanos;
        return then >= now ? then : Long.MAX_VALUE;
    }

    /** Gives it to the loop's timers; on the loop. */
    void setTimer() {
        if (!mayRun()) {
            end();
            return;
        }
        if (timer == null) {
            submissions.add(this);
        }
        timer = submissions.loop.callAt(when, ContextScope.empty(), this);
    }

    @Override
    public void run() {
        // After a failure only a task with a period goes on, as on Reactor's own schedulers.
        boolean again = period > 0;
        try {
            if (runAction()) {
                again = period != ONCE;
            }
        } finally {
            if (again && mayRun()) {
                runAgain();
            } else {
                end();
            }
        }
    }

    private void runAgain() {
        if (period == AT_ONCE) {
            submissions.loop.callSoon(ContextScope.empty(), this);
        } else {
            when = later(when, period);
            setTimer();
        }
    }

    @Override
    boolean mayRun() {
        return !isDisposed() && (period == ONCE || !submissions.isClosed());
    }

    void endUnlessItMayRun() {
        if (!mayRun()) {
            end();
        }
    }

    @Override
    void end() {
        if (!ended) {
            ended = true;
            if (timer != null) {
                timer.cancel();
                submissions.remove(this);
            }
            super.end();
        }
    }

    @Override
    public void dispose() {
        boolean waits = !isDisposed();
        super.dispose();
        if (waits) {
            submissions.onLoop(this::end);
        }
    }
}
