package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What has ended is let go, however long the scheduler, its workers and its loop live. */
class RetentionTest {
    private static final int MANY = 2000;

    /** A task that holds a megabyte. */
    private static Runnable heavy() {
        byte[] ballast = new byte[1 << 20];
        return () -> ballast[0]++;
    }

    /** Twice as much as the heap has, in all: it must not be held at once. */
    private static void submitAndDispose(Scheduler scheduler) {
        Scheduler.Worker worker = scheduler.createWorker();
        List<Disposable> kept = new ArrayList<>();
        for (int i = 0; i < MANY; i += 4) {
            kept.add(scheduler.schedule(heavy()));
            kept.add(worker.schedule(heavy()));
            kept.add(worker.schedule(heavy(), 1, TimeUnit.HOURS));
            kept.add(worker.schedulePeriodically(heavy(), 1, 1, TimeUnit.HOURS));
            kept.subList(i, i + 4).forEach(Disposable::dispose);
        }
    }

    @Test
    void thousandsOfHeavyTasks_disposedAtOnce_fitIntoTheHeap_fromAnotherThreadAndOnTheLoop()
            throws Exception {
        Scheduler scheduler = newLoopScheduler("heavy");
        submitAndDispose(scheduler);
        CompletableFuture<Void> onLoop = new CompletableFuture<>();
        scheduler.schedule(() -> {
            try {
                submitAndDispose(scheduler);
                onLoop.complete(null);
            } catch (Throwable e) {
                onLoop.completeExceptionally(e);
            }
        });
        onLoop.get(60, TimeUnit.SECONDS);
        scheduler.disposeGracefully().block(java.time.Duration.ofSeconds(60));
    }

    @Test
    void cancelledTimersLeaveTheLoopAtOnce_fromAnyThread() {
        Scheduler scheduler = newLoopScheduler("timers");
        CompletableFuture<EventLoop> loop = new CompletableFuture<>();
        scheduler.schedule(() -> loop.complete(Async.currentLoop()));
        Scheduler.Worker worker = scheduler.createWorker();
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
        assertThat(left.join()).isEqualTo(1);
        assertThat(Scannable.from(worker).scan(Scannable.Attr.BUFFERED)).isZero();
        scheduler.dispose();
    }
}
