package dev.rondo.internal.queue;

import dev.rondo.LoopClock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a loop has to run, and the order it is run in: what is ready, what other threads have sent,
 * what is due. A pass runs what was there when it began.
 */
public final class RunQueue {
    /*
     * Everything here but `inbox` is touched only by whoever has the turn: the driver's thread in a pass,
     * or the coroutine it has resumed. Other threads leave an action in the inbox. `beat` is also read by
     * the watchdog.
     */
    private static final long SLOW_NANOS = 100_000_000;
    private static final VarHandle BEAT;

    static {
        try {
            BEAT = MethodHandles.lookup().findVarHandle(RunQueue.class, "beat", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whose queue it is. */
    public interface Host {
        /** A turn has failed: one that another thread has sent, for others report their own. */
        void failed(Throwable failure);

        /** Whether turns that take long are to be told of. */
        boolean isDebug();

        /** A turn has held the loop for 100 ms or more. */
        void tookLong(Turn turn, long nanos);

        /**
         * How long, in nanoseconds of real time, a clock that can jump stands still unless
         * something is sent before.
         */
        long timeHeldFor();
    }

    /** What other threads have sent. */
    public final Inbox inbox = new Inbox();

    /** What runs next. */
    public final ReadyQueue ready = new ReadyQueue();

    /** What is not due yet. */
    public final Timers timers = new Timers();

    private final LoopClock clock;
    private final Host host;
    private long beat;

    /** An empty queue. */
    public RunQueue(LoopClock clock, Host host) {
        this.clock = clock;
        this.host = host;
    }

    /** Runs what is there now. */
    public void runPass() {
        inbox.drain(ready::add);
        fireDueTimers();
        if (!ready.isEmpty()) {
            runUpTo(ready.last);
        }
    }

    private void runUpTo(Turn end) {
        Turn next;
        do {
            BEAT.setOpaque(this, beat + 1);
            next = ready.remove();
            run(next);
        } while (next != end);
    }

    /** Runs what is ready and what becomes ready by that, but no more than so many turns. */
    public void runReady(int most) {
        for (int left = most; left > 0 && !ready.isEmpty(); left--) {
            run(ready.remove());
        }
    }

    private void fireDueTimers() {
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

    private void run(Turn turn) {
        try {
            if (host.isDebug()) {
                runTimed(turn);
            } else {
                turn.run();
            }
        } catch (Throwable e) {
            host.failed(e);
        }
    }

    private void runTimed(Turn turn) {
        long began = System.nanoTime();
        turn.run();
        long took = System.nanoTime() - began;
        if (took >= SLOW_NANOS) {
            host.tookLong(turn, took);
        }
    }

    /**
     * How long there is nothing to do, in the terms of {@link Driver.Work#pass}; with a virtual
     * clock, time moves here.
     */
    public long idleTime() {
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
        long held = host.timeHeldFor();
        if (held == 0 && inbox.isEmpty() && clock.jumpTo(next.when)) {
            return 0;
        }
        long wait = next.when - now;
        if (wait <= 0) {
            wait = Driver.FOR_EVER;
        }
        return held > 0 ? Math.min(wait, held) : wait;
    }

    /** Whether something is ready, sent or due. */
    public boolean hasOthers() {
        if (!ready.isEmpty() || !inbox.isEmpty()) {
            return true;
        }
        Timer next = timers.first();
        return next != null && next.when <= clock.nanoTime();
    }

    /** Counts the turns of passes; from any thread. */
    public long beat() {
        return (long) BEAT.getOpaque(this);
    }
}
