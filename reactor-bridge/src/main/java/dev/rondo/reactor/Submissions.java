package dev.rondo.reactor;

import static dev.rondo.Async.shield;

import dev.rondo.ContextScope;
import dev.rondo.EventLoop;
import dev.rondo.LoopClosedException;
import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Schedulers;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a scheduler, or one of its workers, has taken on and not finished; and whether it takes on
 * more. A worker's work is its scheduler's too.
 */
final class Submissions {
    /*
     * Who touches what:
     *   closed, cancelled  set by any thread, never cleared.
     *   live               any thread counts a task in, before it looks whether it may come in: so
     *                      whoever closes sees the count, or the newcomer sees the close.
     *   timed, drained     only on the loop.
     *
     * What is queued is in no set: it looks at `cancelled` when its turn comes. Only what waits in
     * the loop's timers, perhaps for long, must be found again. So a submission locks nothing and
     * pays for two counters.
     */
    final EventLoop loop;
    private final @Nullable Submissions ofScheduler;
    private final AtomicInteger live = new AtomicInteger();
    private volatile boolean closed;
    private volatile boolean cancelled;
    private @Nullable Set<TimedTask> timed;
    private @Nullable Promise<@Nullable Void> drained;

    /** A scheduler's. */
    Submissions(EventLoop loop) {
        this.loop = loop;
        ofScheduler = null;
    }

    /** A worker's. */
    Submissions(Submissions ofScheduler) {
        loop = ofScheduler.loop;
        this.ofScheduler = ofScheduler;
    }

    // From any thread. Each way to submit calls Schedulers.onSchedule once, here and now.

    Disposable schedule(Runnable task) {
        ScheduledTask scheduled = new ScheduledTask(this, hooked(task));
        queue(scheduled);
        return scheduled;
    }

    Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay <= 0) {
            return schedule(task);
        }
        TimedTask scheduled = TimedTask.once(this, hooked(task), unit.toNanos(delay));
        begin(scheduled::setTimer);
        return scheduled;
    }

    Disposable schedulePeriodically(Runnable task, long delay, long period, TimeUnit unit) {
        TimedTask scheduled =
                TimedTask.periodic(this, hooked(task), unit.toNanos(delay), unit.toNanos(period));
        if (delay <= 0) {
            queue(scheduled);
        } else {
            begin(scheduled::setTimer);
        }
        return scheduled;
    }

    private static Runnable hooked(Runnable task) {
        return Schedulers.onSchedule(Objects.requireNonNull(task, "task"));
    }

    /** Counts a task in, and lets the loop run its beginning after all that is queued. */
    private void queue(Runnable beginning) {
        enter();
        try {
            loop.callSoon(ContextScope.empty(), beginning);
        } catch (LoopClosedException e) {
            throw rejected();
        }
    }

    /**
     * Counts a task in, and runs its beginning: now on the loop, after what is queued elsewhere.
     */
    private void begin(Runnable beginning) {
        if (loop.inLoop()) {
            enter();
            beginning.run();
        } else {
            queue(beginning);
        }
    }

    private void enter() {
        live.incrementAndGet();
        if (ofScheduler != null) {
            ofScheduler.live.incrementAndGet();
        }
        if (isClosed()) {
            throw rejected();
        }
    }

    /** Counts a newcomer out again; operators know only this exception, workers must throw it. */
    private RuntimeException rejected() {
        leave();
        return Exceptions.failWithRejected();
    }

    /** Counts a task out. */
    void leave() {
        int remaining = live.decrementAndGet();
        if (ofScheduler != null) {
            ofScheduler.leave();
        } else if (remaining == 0 && closed) {
            onLoop(this::tellIfDrained);
        }
    }

    /** Refuses more; periodic tasks end, the others run. */
    void close() {
        closed = true;
        onLoop(this::sweep);
    }

    /** Refuses more; what has not begun does not run. */
    void cancel() {
        cancelled = true;
        close();
    }

    boolean isClosed() {
        return closed || (ofScheduler != null ? ofScheduler.isClosed() : loop.isClosed());
    }

    boolean isCancelled() {
        return cancelled || (ofScheduler != null ? ofScheduler.isCancelled() : loop.isClosed());
    }

    /** How many tasks have not ended. */
    int live() {
        return live.get();
    }

    /** Does it now on the loop, soon elsewhere; on a closed loop there is nothing left to do. */
    void onLoop(Runnable action) {
        loop.tryRun(action);
    }

    // On the loop.

    void add(TimedTask task) {
        Set<TimedTask> tasks = timed;
        if (tasks == null) {
            tasks = new HashSet<>();
            timed = tasks;
        }
        tasks.add(task);
        if (ofScheduler != null) {
            ofScheduler.add(task);
        }
    }

    void remove(TimedTask task) {
        if (timed != null) {
            timed.remove(task);
        }
        if (ofScheduler != null) {
            ofScheduler.remove(task);
        }
    }

    private void sweep() {
        if (timed != null) {
            List.copyOf(timed).forEach(TimedTask::endUnlessItMayRun);
        }
        tellIfDrained();
    }

    private void tellIfDrained() {
        if (drained != null && live.get() == 0) {
            drained.complete(null);
            drained = null;
        }
    }

    /** In a coroutine: returns when nothing is left. */
    void awaitDrained() {
        while (live.get() > 0) {
            if (drained == null) {
                drained = loop.newPromise();
            }
            // Others may wait for it too.
            shield(drained).await();
        }
    }
}
