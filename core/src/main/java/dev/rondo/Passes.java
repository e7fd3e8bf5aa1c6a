package dev.rondo;

import dev.rondo.internal.Driver;
import dev.rondo.internal.Inbox;
import dev.rondo.internal.Turn;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a loop has to run, and the order it is run in: what is ready, what other threads have sent,
 * what is due. A pass runs what was there when it began.
 */
final class Passes implements Driver.Passes {
    /*
     * Everything here but `inbox` and `holds` is touched only by whoever has the turn: the driver's
     * thread in a pass, or the coroutine it has resumed. Other threads leave an action in the inbox.
     * `beat` is also read by the watchdog.
     */
    private static final long SLOW_NANOS = 100_000_000;
    private static final int MOST_FAILED_PASSES = 3;
    private static final int MOST_LAST_TURNS = 100_000;
    private static final long UNTIL_MEMORY_IS_BACK = 10_000_000;
    private static final VarHandle BEAT;

    static {
        try {
            BEAT = MethodHandles.lookup().findVarHandle(Passes.class, "beat", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EventLoop loop;
    private final LoopClock clock;
    final Inbox inbox = new Inbox();
    final ReadyQueue ready = new ReadyQueue();
    final Timers timers = new Timers();

    private @Nullable Shutdown shutdown;
    private long beat;
    private int failedPasses;
    private @Nullable Throwable deadly;

    Passes(EventLoop loop, LoopClock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public long pass() {
        try {
            if (deadly != null) {
                return die(deadly);
            }
            long idle = runPass();
            failedPasses = 0;
            return idle;
        } catch (Throwable e) {
            // Not a callback or a task: these report their own. The clock, or no memory is left.
            loop.report("Exception in the loop itself", e);
            if (e instanceof OutOfMemoryError) {
                return UNTIL_MEMORY_IS_BACK;
            }
            if (deadly != null) {
                loop.died(deadly);
                return Driver.FINISHED;
            }
            if (++failedPasses == MOST_FAILED_PASSES) {
                deadly = e;
            }
            return 0;
        }
    }

    private long runPass() {
        inbox.drain(ready::add);
        queueDueTimers();
        if (!ready.isEmpty()) {
            runUpTo(ready.last);
        }
        loop.setPassingScope(null);
        Shutdown ending = shutdown;
        return ending == null ? idleTime() : ending.afterPass();
    }

    private void runUpTo(Turn end) {
        Turn next;
        do {
            BEAT.setOpaque(this, beat + 1);
            next = ready.remove();
            runNext(next);
        } while (next != end);
    }

    /**
     * The loop cannot go on: without time, its tasks are cancelled, and whoever waits for one is
     * told. If memory runs out meanwhile, this is called again.
     */
    private long die(Throwable cause) {
        inbox.close(ready::add);
        loop.cancelAll("the loop has failed");
        for (int left = MOST_LAST_TURNS; left > 0 && !ready.isEmpty(); left--) {
            runNext(ready.remove());
        }
        loop.abandonAll(cause);
        for (int left = MOST_LAST_TURNS; left > 0 && !ready.isEmpty(); left--) {
            runNext(ready.remove());
        }
        ready.clear();
        loop.died(cause);
        return Driver.FINISHED;
    }

    /** The run shall come to its end; on the loop. */
    void shutDown(boolean forGood) {
        if (shutdown == null && deadly == null) {
            shutdown = new Shutdown(loop, this, forGood);
        }
    }

    boolean isEnding() {
        return shutdown != null;
    }

    /** Whether nothing is begun any more, for what is begun at the end would go on for ever. */
    boolean isOver() {
        Shutdown ending = shutdown;
        return ending != null && ending.isOver();
    }

    private void queueDueTimers() {
        Timer first = timers.first();
        if (first != null) {
            long now = clock.nanoTime();
            while (first != null && first.when <= now) {
                timers.remove(first);
                ready.add(first);
                first = timers.first();
            }
        }
    }

    private void runNext(Runnable next) {
        try {
            if (loop.isDebug()) {
                runTimed(next);
            } else {
                next.run();
            }
        } catch (Throwable e) {
            // Callbacks and tasks report their own failures: this is what another thread has sent.
            loop.report("Exception in what another thread has sent", e);
        }
    }

    private void runTimed(Runnable next) {
        long began = System.nanoTime();
        next.run();
        long took = System.nanoTime() - began;
        if (took >= SLOW_NANOS) {
            ErrorReports.log(
                    Level.WARNING,
                    next + " held " + loop + " for " + took / 1_000_000 + " ms",
                    null);
        }
    }

    /** The last pass has run. */
    void finish(boolean forGood) {
        shutdown = null;
        if (forGood) {
            ready.clear();
        }
        while (true) {
            try {
                loop.finished(forGood);
                return;
            } catch (OutOfMemoryError e) {
                // Others wait for it, so it is tried until memory is back.
                loop.report("Exception at the end of the loop", e);
                Thread.onSpinWait();
            }
        }
    }

    /** How long there is nothing to do; with a virtual clock, time moves here. */
    long idleTime() {
        if (!ready.isEmpty()) {
            return 0;
        }
        Timer next = timers.first();
        if (next == null) {
            return Driver.FOR_EVER;
        }
        long now = clock.nanoTime();
        if (next.when <= now) {
            return 0;
        }
        if (!loop.isTimeHeld() && inbox.isEmpty() && clock.jumpTo(next.when)) {
            return 0;
        }
        long wait = next.when - now;
        return wait > 0 ? wait : Driver.FOR_EVER;
    }

    /** Whether something is ready, sent or due. */
    boolean hasOthers() {
        if (!ready.isEmpty() || !inbox.isEmpty()) {
            return true;
        }
        Timer next = timers.first();
        return next != null && next.when <= clock.nanoTime();
    }

    @Override
    public boolean hasMail() {
        return !inbox.isEmpty();
    }

    /** Counts the things run, for the watchdog. */
    long beat() {
        return (long) BEAT.getOpaque(this);
    }
}
