package dev.rondo.reactor;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Work on a loop's scheduler that can be cancelled together; in order, as all on a loop. */
final class LoopWorker implements Scheduler.Worker, Scannable {
    private final LoopScheduler scheduler;
    private final Submissions submissions;

    LoopWorker(LoopScheduler scheduler, Submissions submissions) {
        this.scheduler = scheduler;
        this.submissions = submissions;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(submissions, task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(submissions, task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(
            Runnable task, long initialDelay, long period, TimeUnit unit) {
        return schedulePeriodically(submissions, task, initialDelay, period, unit);
    }

    // The same for a scheduler. Schedulers.onSchedule once each, here, on the submitting thread.

    static Disposable schedule(Submissions submissions, Runnable task) {
        ScheduledTask scheduled = new ScheduledTask(submissions, hooked(task));
        scheduled.queue();
        return scheduled;
    }

    static Disposable schedule(Submissions submissions, Runnable task, long delay, TimeUnit unit) {
        if (delay <= 0) {
            return schedule(submissions, task);
        }
        TimedTask scheduled = TimedTask.once(submissions, hooked(task), unit.toNanos(delay));
        scheduled.start();
        return scheduled;
    }

    static Disposable schedulePeriodically(
            Submissions submissions, Runnable task, long initialDelay, long period, TimeUnit unit) {
        TimedTask scheduled =
                TimedTask.periodic(
                        submissions,
                        hooked(task),
                        unit.toNanos(initialDelay),
                        unit.toNanos(period));
        if (initialDelay <= 0) {
            scheduled.queue();
        } else {
            scheduled.start();
        }
        return scheduled;
    }

    private static Runnable hooked(Runnable task) {
        return Schedulers.onSchedule(Objects.requireNonNull(task, "task"));
    }

    @Override
    public void dispose() {
        submissions.cancel();
    }

    @Override
    public boolean isDisposed() {
        return submissions.isClosed();
    }

    @Override
    @SuppressWarnings("rawtypes") // as it is inherited
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return scheduler;
        }
        if (key == Attr.NAME) {
            return toString();
        }
        return LoopScheduler.scan(submissions, key);
    }

    @Override
    public String toString() {
        return scheduler + ".worker";
    }
}
