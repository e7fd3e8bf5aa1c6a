package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What has ended is let go, however long the scheduler, its workers and its loop live. */
class RetentionTest {
    private static final int MANY = 2000;

    private final Scheduler scheduler = newLoopScheduler("retention");
    private final Scheduler.Worker worker = scheduler.createWorker();
    private final List<Disposable> kept = new ArrayList<>();
    private final List<WeakReference<Runnable>> tasks = new ArrayList<>();

    @AfterEach
    void dispose() {
        scheduler.dispose();
    }

    /** A task that is its own object, and known only to the scheduler. */
    private Runnable task() {
        Object unique = new Object();
        Runnable task = unique::hashCode;
        tasks.add(new WeakReference<>(task));
        return task;
    }

    private void submitOfEachKind() {
        kept.add(scheduler.schedule(task()));
        kept.add(worker.schedule(task()));
        kept.add(worker.schedule(task(), 1, TimeUnit.HOURS));
        kept.add(worker.schedulePeriodically(task(), 1, 1, TimeUnit.HOURS));
        kept.add(scheduler.schedulePeriodically(task(), 0, 0, TimeUnit.HOURS));
    }

    private boolean areTasksGone() {
        for (int i = 0; i < 100; i++) {
            System.gc();
            if (tasks.stream().allMatch(task -> task.get() == null)) {
                return true;
            }
        }
        return false;
    }

    private boolean submitAndDispose() {
        for (int i = 0; i < MANY; i++) {
            submitOfEachKind();
            kept.forEach(Disposable::dispose);
            kept.subList(0, Math.max(0, kept.size() - 5)).clear();
        }
        return areTasksGone();
    }

    @Test
    void disposedTasksAreLetGo_byTheirDisposablesToo() {
        assertThat(submitAndDispose()).isTrue();
    }

    @Test
    void onTheLoop_theyAreLetGoBeforeTheirTurnWouldCome() {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        scheduler.schedule(() -> gone.complete(submitAndDispose()));
        assertThat(gone.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void tasksThatHaveRun_orWhoseWorkerIsDisposed_areLetGo() throws Exception {
        kept.add(worker.schedule(task()));
        kept.add(worker.schedule(task(), 1, TimeUnit.MICROSECONDS));
        kept.add(worker.schedule(task(), 1, TimeUnit.HOURS));
        kept.add(worker.schedulePeriodically(task(), 1, 1, TimeUnit.HOURS));
        CompletableFuture<Void> later = new CompletableFuture<>();
        scheduler.schedule(() -> later.complete(null), 10, TimeUnit.MILLISECONDS);
        later.get(10, TimeUnit.SECONDS);
        assertThat(kept.get(1).isDisposed()).isTrue();
        worker.dispose();
        assertThat(areTasksGone()).isTrue();
    }

    @Test
    void cancelledTimersAreTakenOut_fromAnyThread() {
        for (int i = 0; i < MANY; i++) {
            worker.schedule(() -> {}, 1, TimeUnit.HOURS);
            scheduler.schedulePeriodically(() -> {}, 1, 1, TimeUnit.HOURS).dispose();
        }
        assertThat(Scannable.from(worker).scan(Scannable.Attr.BUFFERED)).isEqualTo(MANY);
        worker.dispose();
        // The cancellations are before this in the queue.
        CompletableFuture<Integer> left = new CompletableFuture<>();
        scheduler.schedule(
                () -> left.complete(Scannable.from(scheduler).scan(Scannable.Attr.BUFFERED)));
        assertThat(left.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(1);
        assertThat(Scannable.from(worker).scan(Scannable.Attr.BUFFERED)).isZero();
    }
}
