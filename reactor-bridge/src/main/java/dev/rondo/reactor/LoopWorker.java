package dev.rondo.reactor;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

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
        return submissions.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return submissions.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(
            Runnable task, long initialDelay, long period, TimeUnit unit) {
        return submissions.schedulePeriodically(task, initialDelay, period, unit);
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
