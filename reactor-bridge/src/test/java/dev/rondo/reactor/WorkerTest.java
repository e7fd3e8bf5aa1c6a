package dev.rondo.reactor;

import static dev.rondo.reactor.SchedulerTest.tenSeconds;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rondo.Async;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What belongs to a worker: its order, and its end. */
class WorkerTest {
    private final List<String> trail = new ArrayList<>();

    private Runnable note(String event) {
        return () -> trail.add(event);
    }

    @Test
    void aHundredTasks_runInOrder_betweenThoseOfOthers() {
        tenSeconds(scheduler -> {
            Scheduler.Worker even = scheduler.createWorker();
            Scheduler.Worker odd = scheduler.createWorker();
            for (int i = 0; i < 100; i++) {
                (i % 2 == 0 ? even : odd).schedule(note("" + i));
            }
        });
        assertThat(trail)
                .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "" + i).toList());
    }

    @Test
    void delaysAndPeriods_areThoseOfTheScheduler() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            Runnable time = () -> trail.add("" + scheduler.now(SECONDS));
            worker.schedulePeriodically(time, 4, 5, SECONDS);
            worker.schedule(time, 7, SECONDS);
            worker.schedule(time, -7, SECONDS);
        });
        assertThat(trail).containsExactly("0", "4", "7", "9");
    }

    @Test
    void disposed_itCancelsAllOfItsOwn_andNothingElse() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            Scheduler.Worker other = scheduler.createWorker();
            List<Disposable> tasks = everyKindOfTask(worker);
            everyKindOfTask(other);
            scheduler.schedule(note("scheduler's"), 2, SECONDS);
            worker.dispose();
            worker.dispose();
            assertThat(worker.isDisposed()).isTrue();
            assertThat(other.isDisposed()).isFalse();
            assertThat(scheduler.isDisposed()).isFalse();
            assertThat(tasks).allMatch(Disposable::isDisposed);
        });
        assertThat(trail)
                .containsExactly("at once", "direct", "periodic", "delayed", "scheduler's");
    }

    private List<Disposable> everyKindOfTask(Scheduler.Worker worker) {
        Disposable.Swap atOnce = Disposables.swap();
        atOnce.update(
                worker.schedulePeriodically(
                        () -> {
                            trail.add("at once");
                            atOnce.dispose();
                        },
                        0,
                        0,
                        SECONDS));
        return List.of(
                worker.schedule(note("direct")),
                worker.schedulePeriodically(note("periodic"), 0, 100, SECONDS),
                worker.schedule(note("delayed"), 1, SECONDS));
    }

    @Test
    void disposedByItsOwnTask_theTaskRunsToItsEnd_andItsFollowersDoNot() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            worker.schedulePeriodically(
                    () -> {
                        worker.dispose();
                        trail.add("interrupted: " + Thread.interrupted());
                    },
                    0,
                    1,
                    SECONDS);
            worker.schedule(note("follower"));
            Async.currentLoop()
                    .callSoon(() -> trail.add("later: " + Thread.currentThread().isInterrupted()));
        });
        assertThat(trail).containsExactly("interrupted: false", "later: false");
    }

    @Test
    void manyDelayedTasksOfOneWorker_areCancelledInNoTime_oneByOneAndTogether() {
        int many = 200_000;
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            List<Disposable> tasks = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                tasks.add(worker.schedule(note("never"), 1 + i % 7, SECONDS));
            }
            long began = System.nanoTime();
            tasks.subList(0, many / 2).forEach(Disposable::dispose);
            worker.dispose();
            // With a search for each it would take minutes.
            assertThat(System.nanoTime() - began).isLessThan(SECONDS.toNanos(5));
        });
        assertThat(trail).isEmpty();
    }
}
