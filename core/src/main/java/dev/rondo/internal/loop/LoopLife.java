package dev.rondo.internal.loop;

import dev.rondo.LoopClosedException;
import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * How a loop begins, what it does pass by pass, and how it ends: after a run, for good, or because
 * it cannot go on.
 */
final class LoopLife implements Driver.Work {
    /*
     * `state`, `driver` and `ending` are written under the lock, or by whoever begins the end, and read
     * by any thread. All else is the loop's: of the driver's thread between two turns.
     */
    private static final int MOST_FAILED_PASSES = 3;
    private static final int MOST_LAST_TURNS = 100_000;
    private static final long UNTIL_MEMORY_IS_BACK = 10_000_000;

    enum State {
        IDLE,
        RUNNING,
        STARTED,
        CLOSED
    }

    private final LoopCore loop;
    final long watchdogNanos;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile State state = State.IDLE;

    /** From the beginning of a run's or the loop's end: work from other threads is refused. */
    private volatile boolean ending;

    private volatile @Nullable Driver driver;
    private volatile @Nullable Throwable deathCause;

    private @Nullable Shutdown shutdown;
    private int failedPasses;
    private @Nullable Throwable deadly;

    LoopLife(LoopCore loop, LoopBuilder settings) {
        this.loop = loop;
        watchdogNanos = settings.watchdogNanos();
    }

    // The beginning.

    /**
     * @param next {@code RUNNING} or {@code STARTED}
     */
    synchronized Driver begin(State next) {
        switch (state) {
            case RUNNING, STARTED ->
                    throw new IllegalStateException(
                            loop + " runs already; submit() the coroutine to it");
            case CLOSED -> throw loop.closed();
            case IDLE -> {}
        }
        Driver started = new Driver(loop.name(), loop.fiberKind, this);
        driver = started;
        state = next;
        RunningLoops.ALL.add(loop);
        try {
            started.start();
        } catch (Throwable e) {
            leave(State.IDLE);
            throw e;
        }
        watch();
        return started;
    }

    private void watch() {
        try {
            Watchdog.watch();
        } catch (Throwable e) {
            loop.report("No watchdog could be started; stalls will not be reported", e);
        }
    }

    // Passes; on the loop's thread.

    @Override
    public long pass() {
        try {
            if (deadly != null) {
                return die(deadly);
            }
            loop.queue.runPass();
            loop.setPassingScope(null);
            Shutdown end = shutdown;
            long idle = end == null ? loop.queue.idleTime() : end.afterPass();
            failedPasses = 0;
            return idle;
        } catch (Throwable e) {
            // Not a callback or a task: these report their own. The clock, or no memory is left.
            loop.report("Exception in the loop itself", e);
            if (e instanceof OutOfMemoryError) {
                return UNTIL_MEMORY_IS_BACK;
            }
            if (deadly != null) {
                died(deadly);
                return Driver.FINISHED;
            }
            if (++failedPasses == MOST_FAILED_PASSES) {
                deadly = e;
            }
            return 0;
        }
    }

    @Override
    public boolean hasMail() {
        return !loop.queue.inbox.isEmpty();
    }

    // The end.

    /** The end begins; on the loop, or before it runs. */
    void shutDown(boolean forGood) {
        ending = true;
        if (shutdown == null && deadly == null) {
            shutdown = new Shutdown(loop, forGood);
        }
    }

    /** True once what is left is being cancelled; on the loop. */
    boolean isEnding() {
        return shutdown != null;
    }

    /**
     * Whether nothing is begun any more, for what is begun at the end would go on for ever; on the
     * loop.
     */
    boolean isOver() {
        Shutdown end = shutdown;
        return end != null && end.isOver();
    }

    /** The thread on which the loop will close, or null if it is closed now. */
    @Nullable Driver beginToClose() {
        synchronized (this) {
            switch (state) {
                case CLOSED -> {
                    return null;
                }
                case RUNNING ->
                        throw new IllegalStateException(
                                loop + " is in run(); cancel its main task instead");
                case STARTED -> {
                    ending = true;
                    return driver;
                }
                case IDLE -> {
                    if (!loop.queue.inbox.closeIfEmpty()) {
                        // Somebody may wait for what was submitted: it is cancelled, not dropped.
                        shutDown(true);
                        return begin(State.STARTED);
                    }
                    state = State.CLOSED;
                }
            }
        }
        finish(true);
        return null;
    }

    /** The last pass has run. */
    void finish(boolean forGood) {
        shutdown = null;
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
        ending = false;
    }

    /**
     * The loop cannot go on: without time, its tasks are cancelled, and whoever waits for one is
     * told. If memory runs out meanwhile, this is called again.
     */
    private long die(Throwable cause) {
        loop.queue.inbox.close(loop.ready::add);
        cancelAll();
        loop.queue.runReady(MOST_LAST_TURNS);
        abandonAll(cause);
        loop.queue.runReady(MOST_LAST_TURNS);
        loop.ready.clear();
        died(cause);
        return Driver.FINISHED;
    }

    /** Asks all that is pending for its end. */
    private void cancelAll() {
        List<LoopFuture<?>> pending = new ArrayList<>(loop.tasks.toList());
        pending.addAll(loop.threads);
        pending.addAll(loop.sources);
        CancelWalk walk = new CancelWalk(loop, CancelRequest.of(loop, "the loop has failed"));
        pending.forEach(walk::ask);
    }

    /** Ends the tasks that have not heard a request to cancel, without their coroutines. */
    private void abandonAll(Throwable cause) {
        List<CoroutineTask<?>> left = loop.tasks.toList();
        if (!left.isEmpty()) {
            loop.report(
                    left.getFirst().label()
                            + (left.size() == 1 ? "" : " and " + (left.size() - 1) + " more tasks")
                            + " will not run on, and clean nothing up",
                    cause);
        }
        for (CoroutineTask<?> task : left) {
            task.abandon(failed(cause));
        }
    }

    /** Whoever waits outside is released. */
    private void died(Throwable cause) {
        deathCause = cause;
        finished(true);
    }

    private IllegalStateException failed(Throwable cause) {
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
        if (ending) {
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
