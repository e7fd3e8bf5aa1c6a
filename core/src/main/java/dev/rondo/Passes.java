package dev.rondo;

import dev.rondo.internal.Driver;
import dev.rondo.internal.Inbox;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;

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
    final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    final Timers timers = new Timers();

    private @Nullable Shutdown shutdown;
    private long beat;
    private int failedPasses;

    Passes(EventLoop loop, LoopClock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public long pass() {
        try {
            long idle = runPass();
            failedPasses = 0;
            return idle;
        } catch (Throwable e) {
            // Not a callback or a task: these report their own. The clock, or no memory is left.
            loop.report("Exception in the loop itself", e, null);
            if (++failedPasses < MOST_FAILED_PASSES) {
                return 0;
            }
            inbox.close(ready::add);
            ready.clear();
            loop.died(e);
            return Driver.FINISHED;
        }
    }

    private long runPass() {
        inbox.drain(ready::add);
        queueDueTimers();
        for (int left = ready.size(); left > 0; left--) {
            BEAT.setOpaque(this, beat + 1);
            runNext(ready.remove());
        }
        loop.unseen.poll();
        Shutdown ending = shutdown;
        return ending == null ? idleTime() : ending.afterPass();
    }

    /** The run shall come to its end; on the loop. */
    void shutDown(boolean forGood) {
        if (shutdown == null) {
            shutdown = new Shutdown(loop, this, forGood);
        }
    }

    boolean isEnding() {
        return shutdown != null;
    }

    private void queueDueTimers() {
        Timer first = timers.first();
        if (first != null) {
            long now = clock.nanoTime();
            while (first != null && first.when <= now) {
                timers.remove(first);
                ready.add(first.action);
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
            loop.report("Exception in what another thread has sent", e, null);
        }
    }

    private void runTimed(Runnable next) {
        String what = next.toString();
        long began = System.nanoTime();
        next.run();
        long took = System.nanoTime() - began;
        if (took >= SLOW_NANOS) {
            ErrorReports.log(
                    Level.WARNING,
                    what + " held " + loop + " for " + took / 1_000_000 + " ms",
                    null);
        }
    }

    /** The last pass has run. */
    void finish(boolean forGood) {
        shutdown = null;
        if (forGood) {
            ready.clear();
        }
        loop.finished(forGood);
    }

    /** True if somebody who waited for the end of something has yet to be told. */
    boolean hasWaiters() {
        return ready.stream().anyMatch(next -> next instanceof Waiter);
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
