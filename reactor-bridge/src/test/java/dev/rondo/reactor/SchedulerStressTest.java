package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many threads at once: nothing is lost, run twice, or left behind. */
class SchedulerStressTest {
    private static final int THREADS = 4;

    private static void onManyThreads(Runnable work) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            work.run();
                            done.complete(null);
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    });
        }
        all.forEach(done -> done.orTimeout(30, TimeUnit.SECONDS).join());
    }

    @Test
    void eachThreadsTasksRunOnceAndInOrder_neverTwoAtATime() {
        Scheduler scheduler = newLoopScheduler("stress");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        int each = 20_000;
        onManyThreads(() -> {
            Scheduler.Worker worker = scheduler.createWorker();
            int[] last = new int[1];
            for (int i = 1; i <= each; i++) {
                int number = i;
                Runnable task =
                        () -> {
                            if (inside.incrementAndGet() != 1 || ++last[0] != number) {
                                wrong.incrementAndGet();
                            }
                            ran.incrementAndGet();
                            inside.decrementAndGet();
                        };
                if (i % 2 == 0) {
                    worker.schedule(task);
                } else {
                    scheduler.schedule(task);
                }
            }
        });
        scheduler.disposeGracefully().block(Duration.ofSeconds(30));
        assertThat(wrong).hasValue(0);
        assertThat(ran).hasValue(THREADS * each);
    }

    @Test
    void whateverIsDisposedMeanwhile_everythingIsCountedOutInTheEnd() {
        Scheduler scheduler = newLoopScheduler("disposals");
        onManyThreads(() -> {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            for (int round = 0; round < 300; round++) {
                Scheduler.Worker worker = scheduler.createWorker();
                List<Disposable> tasks = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    tasks.add(worker.schedule(() -> {}));
                    tasks.add(worker.schedule(() -> {}, i * 10, TimeUnit.MICROSECONDS));
                    tasks.add(worker.schedulePeriodically(() -> {}, 0, i, TimeUnit.MICROSECONDS));
                    tasks.get(random.nextInt(tasks.size())).dispose();
                }
                scheduler.schedule(worker::dispose);
                worker.dispose();
                assertThat(tasks).allMatch(Disposable::isDisposed);
            }
        });
        CompletableFuture<Integer> left = new CompletableFuture<>();
        scheduler.schedule(
                () -> left.complete(Scannable.from(scheduler).scan(Scannable.Attr.BUFFERED)));
        assertThat(left.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(1);
        scheduler.dispose();
    }

    @Test
    void aSubmissionAgainstAGracefulEnd_eitherRunsBeforeTheEnd_orIsRejected() {
        for (int round = 0; round < 100; round++) {
            Scheduler scheduler = newLoopScheduler("race");
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            CompletableFuture<Void> end = new CompletableFuture<>();
            AtomicInteger enders = new AtomicInteger();
            onManyThreads(() -> {
                if (enders.getAndIncrement() == 0) {
                    scheduler.disposeGracefully().toFuture().thenRun(() -> end.complete(null));
                    return;
                }
                try {
                    for (int i = 0; i < 1000; i++) {
                        scheduler.schedule(ran::incrementAndGet, i % 2, TimeUnit.MICROSECONDS);
                        accepted.incrementAndGet();
                    }
                } catch (RejectedExecutionException e) {
                    // The end has come.
                }
            });
            end.orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(ran).hasValue(accepted.get());
        }
    }
}
