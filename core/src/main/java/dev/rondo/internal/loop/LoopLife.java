package dev.rondo.internal.loop;

import dev.rondo.LoopClosedException;
import dev.rondo.internal.queue.Driver;
import dev.rondo.internal.queue.HostedDriver;
import dev.rondo.internal.queue.ThreadDriver;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** Whether a loop runs, on which thread, and what it takes in: its beginning and its end. */
final class LoopLife {
    /*
     * `state` and `driver` are written under the lock, `refusesWork` by whoever begins the end, the cause
     * of death by the loop; they are read by any thread. The plain fields are the loop's alone.
     */
    enum State {
        IDLE,
        RUNNING,
        STARTED,
        CLOSED
    }

    /** Why what is left is cancelled. */
    static final String ENDING = "the loop is shutting down";

    private final LoopCore loop;
    final long watchdogNanos;

    /** Whose thread runs the loop; null: one of its own. */
    final @Nullable ScheduledExecutorService host;

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile State state = State.IDLE;

    /** From the beginning of a run's or the loop's end: work from other threads is refused. */
    private volatile boolean refusesWork;

    /** What is left is being cancelled. Of the loop. */
    boolean isEnding;

    /**
     * Nothing is begun any more, for what is begun at the end would go on for ever. Of the loop.
     */
    boolean isOver;

    /** No coroutine can run any more, for there is no thread. Of whoever abandons the loop. */
    @Nullable Throwable abandonedFor;

    private volatile @Nullable Driver driver;
    private volatile @Nullable Throwable deathCause;

    LoopLife(LoopCore loop, LoopSettings settings) {
        this.loop = loop;
        watchdogNanos = settings.watchdogNanos();
        host = settings.host();
    }

    // The beginning.

    /**
     * @param next {@code RUNNING} or {@code STARTED}
     */
    synchronized Driver begin(State next, Driver.Work passes) {
        switch (state) {
            case RUNNING, STARTED ->
                    throw new IllegalStateException(
                            loop + " runs already; submit() the coroutine to it");
            case CLOSED -> throw loop.closed();
            case IDLE -> {}
        }
        Driver started =
                host == null
                        ? new ThreadDriver(loop.name(), loop.fiberKind, passes)
                        : new HostedDriver(loop.name(), loop.fiberKind, passes, host);
        driver = started;
        state = next;
        RunningLoops.ALL.add(loop);
        try {
            started.start();
        } catch (Throwable e) {
            leave(State.IDLE);
            throw e;
        }
        return started;
    }

    // The end.

    /**
     * The thread on which the loop will close, or null if it is closed now.
     *
     * @param shutDown called first if the loop has to be begun for it
     */
    @Nullable Driver beginToClose(Driver.Work passes, Runnable shutDown) {
        synchronized (this) {
            switch (state) {
                case CLOSED -> {
                    return null;
                }
                case RUNNING ->
                        throw new IllegalStateException(
                                loop + " is in run(); cancel its main task instead");
                case STARTED -> {
                    refusesWork = true;
                    return driver;
                }
                case IDLE -> {
                    if (!loop.queue.inbox.closeIfEmpty()) {
                        // Somebody may wait for what was submitted: it is cancelled, not dropped.
                        shutDown.run();
                        return begin(State.STARTED, passes);
                    }
                    state = State.CLOSED;
                }
            }
        }
        finish(true);
        return null;
    }

    /** From now on work from other threads is refused. */
    void refuseWork() {
        refusesWork = true;
    }

    /** The last pass has run. */
    void finish(boolean forGood) {
        if (forGood) {
            loop.ready.clear();
        }
        while (true) {
            try {
                finished(forGood);
                return;
            } catch (OutOfMemoryError e) {
                // Others wait for it, so it is tried until memory is back.
                loop.report("Exception at the end of the loop", e);
                Thread.onSpinWait();
            }
        }
    }

    private void finished(boolean forGood) {
        leave(forGood ? State.CLOSED : State.IDLE);
        if (forGood) {
            List.copyOf(loop.outside).forEach(waiter -> Scope.apart(null, waiter));
            loop.unseen.reportAll();
            Scope.apart(null, () -> closed.complete(null));
        }
    }

    private synchronized void leave(State next) {
        RunningLoops.ALL.remove(loop);
        driver = null;
        state = next;
        refusesWork = false;
    }

    /** The loop cannot go on; whoever waits outside is released. */
    void died(Throwable cause) {
        deathCause = cause;
        finished(true);
    }

    /** What is told to those who wait for a loop that has died. */
    IllegalStateException failed(Throwable cause) {
        return new IllegalStateException(
                "Event loop " + loop.name() + " failed and is closed", cause);
    }

    // From any thread.

    /** Throws what the loop has died of, if it has. */
    void checkAlive() {
        Throwable cause = deathCause;
        if (cause != null) {
            throw failed(cause);
        }
    }

    void checkTakesWork() {
        if (refusesWork) {
            throw new LoopClosedException(
                    loop
                            + (state == State.RUNNING
                                    ? " is at the end of a run; it takes work again afterwards"
                                    : " is closing and takes no more work; create or start another"
                                            + " loop"));
        }
    }

    boolean isStarted() {
        return state == State.STARTED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Done when the loop has closed. */
    CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** Waits until nothing runs any more on a loop that refuses work. */
    void awaitClosed() throws InterruptedException {
        Driver thread = driver;
        if (thread != null) {
            thread.join();
        }
    }

    void wake() {
        Driver thread = driver;
        if (thread != null) {
            thread.wake();
        }
    }

    boolean isDrivenHere() {
        Driver thread = driver;
        return thread != null && thread.isCurrent();
    }

    /** As {@link #isDrivenHere}, within a pass: not in a task of a host's own. */
    boolean isInPassHere() {
        Driver thread = driver;
        return thread != null && thread.isInPass();
    }

    /** Looks whether there still is a thread. */
    void checkThread() {
        Driver thread = driver;
        if (thread != null) {
            thread.checkThread();
        }
    }

    boolean isAsleep() {
        Driver thread = driver;
        return thread == null || thread.isAsleep();
    }

    @Nullable Thread thread() {
        Driver thread = driver;
        return thread == null ? null : thread.thread();
    }

    @Override
    public String toString() {
        return state.toString().toLowerCase(Locale.ROOT);
    }
}
