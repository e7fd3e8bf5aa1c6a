package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;
import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.LoopClock;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a scheduler does with tasks, and when; on a clock that only the loop moves. */
class SchedulerTest {
    private final List<String> trail = new ArrayList<>();

    private Runnable note(String event) {
        return () -> trail.add(event);
    }

    /** Runs on a loop with a virtual clock for ten virtual seconds. */
    static void tenSeconds(Consumer<Scheduler> test) {
        VirtualClock.run(() -> {
            test.accept(scheduler(Async.currentLoop()));
            Async.sleep(Duration.ofSeconds(10));
        });
    }

    private void noteTime(String event) {
        trail.add(event + " at " + Async.currentLoop().time() / 1_000_000);
    }

    // Direct.

    @Test
    void tasksRunInTheOrderOfSubmission_onTheLoopsThread_neverInPlace() {
        Thread[] threads = new Thread[2];
        tenSeconds(scheduler -> {
            Async.currentLoop().callSoon(() -> threads[0] = Thread.currentThread());
            scheduler.schedule(() -> threads[1] = Thread.currentThread());
            scheduler.schedule(note("first"));
            scheduler.schedule(note("second"));
            trail.add("submitted");
        });
        assertThat(trail).containsExactly("submitted", "first", "second");
        assertThat(threads[1]).isSameAs(threads[0]);
    }

    @Test
    void tasksCallbacksAndCoroutinesShareOneQueue() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            scheduler.schedule(note("task"));
            Async.currentLoop().callSoon(note("callback"));
            Async.createTask(() -> trail.add("coroutine"));
            worker.schedule(note("worker's task"));
            scheduler.schedule(note("no delay"), 0, SECONDS);
            Async.currentLoop().callSoon(note("callback 2"));
            worker.schedulePeriodically(note("periodic"), 0, 1, DAYS);
            Async.createTask(() -> trail.add("coroutine 2"));
        });
        assertThat(trail)
                .containsExactly(
                        "task",
                        "callback",
                        "coroutine",
                        "worker's task",
                        "no delay",
                        "callback 2",
                        "periodic",
                        "coroutine 2");
    }

    @Test
    void fromAnotherThread_theOrderIsKeptToo() throws Exception {
        try (EventLoop loop = EventLoop.start("order")) {
            Scheduler scheduler = scheduler(loop);
            CompletableFuture<Void> last = new CompletableFuture<>();
            for (int i = 0; i < 100; i += 4) {
                scheduler.schedule(note("" + i));
                loop.callSoon(note("" + (i + 1)));
                loop.submit(note("" + (i + 2))::run);
                scheduler.schedule(note("" + (i + 3)), -1, SECONDS);
            }
            scheduler.schedule(() -> last.complete(null));
            last.get(10, SECONDS);
        }
        assertThat(trail).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(trail.get(i)).isEqualTo("" + i);
        }
    }

    @Test
    void onALoopThatDoesNotRunYet_tasksWait() {
        try (EventLoop loop = EventLoop.builder().clock(new VirtualClock()).build()) {
            Scheduler scheduler = scheduler(loop);
            scheduler.schedule(note("second"), 1, SECONDS);
            scheduler.schedule(note("first"));
            Disposable cancelled = scheduler.schedule(note("cancelled"), 1, SECONDS);
            cancelled.dispose();
            assertThat(trail).isEmpty();
            loop.run(() -> Async.sleep(Duration.ofSeconds(2)));
        }
        assertThat(trail).containsExactly("first", "second");
    }

    @Test
    void noTask_isRefusedAtOnce() {
        tenSeconds(scheduler -> {
            assertThatNullPointerException().isThrownBy(() -> scheduler.schedule(null));
            assertThatNullPointerException().isThrownBy(() -> scheduler.schedule(null, 1, SECONDS));
            assertThatNullPointerException()
                    .isThrownBy(() -> scheduler.createWorker().schedule(null));
            assertThatNullPointerException()
                    .isThrownBy(() -> scheduler.schedulePeriodically(null, 1, 1, SECONDS));
        });
        assertThatNullPointerException().isThrownBy(() -> scheduler(null));
    }

    // Delayed.

    @Test
    void delayedTasksRunInTheOrderOfTheirTime_equalOnesInTheOrderOfSubmission() {
        tenSeconds(scheduler -> {
            scheduler.schedule(() -> noteTime("c"), 300, MILLISECONDS);
            scheduler.schedule(() -> noteTime("b"), 100, MILLISECONDS);
            Async.currentLoop().callLater(Duration.ofMillis(100), () -> noteTime("callback"));
            scheduler.createWorker().schedule(() -> noteTime("b2"), 100, MILLISECONDS);
            scheduler.schedule(() -> noteTime("a"), 1, MILLISECONDS);
            scheduler.schedule(() -> noteTime("now"));
        });
        assertThat(trail)
                .containsExactly(
                        "now at 0",
                        "a at 1",
                        "b at 100",
                        "callback at 100",
                        "b2 at 100",
                        "c at 300");
    }

    @Test
    void aDelayForEver_neverRuns() {
        tenSeconds(scheduler -> {
            scheduler.schedule(note("never"), Long.MAX_VALUE, DAYS);
            scheduler.schedule(note("soon"), 1, SECONDS);
        });
        assertThat(trail).containsExactly("soon");
    }

    // Periodic.

    @Test
    void periodicTasksRunAtAFixedRate_firstAfterTheInitialDelay() {
        tenSeconds(scheduler -> {
            scheduler.schedulePeriodically(() -> noteTime("a"), 1000, 4000, MILLISECONDS);
            scheduler.schedulePeriodically(() -> noteTime("b"), 0, 6000, MILLISECONDS);
        });
        assertThat(trail)
                .containsExactly("b at 0", "a at 1000", "a at 5000", "b at 6000", "a at 9000");
    }

    @Test
    void whatAStallHasMissed_isMadeUpFor() {
        VirtualClock clock = new VirtualClock();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            loop.run(() -> {
                Disposable ticks =
                        scheduler(loop)
                                .schedulePeriodically(() -> noteTime("tick"), 10, 10, MILLISECONDS);
                loop.callLater(Duration.ofMillis(15), () -> clock.advance(Duration.ofMillis(35)));
                Async.sleep(Duration.ofMillis(65));
                ticks.dispose();
            });
        }
        assertThat(trail)
                .containsExactly(
                        "tick at 10",
                        "tick at 50",
                        "tick at 50",
                        "tick at 50",
                        "tick at 50",
                        "tick at 60");
    }

    @Test
    void withoutAPeriod_theTaskQueuesUpAgainAfterEachRun_behindTheOthers() {
        for (long period : new long[] {0, -1}) {
            trail.clear();
            tenSeconds(scheduler -> {
                Disposable[] task = new Disposable[1];
                task[0] =
                        scheduler.schedulePeriodically(
                                () -> {
                                    trail.add("run");
                                    if (trail.size() >= 5) {
                                        task[0].dispose();
                                    }
                                },
                                0,
                                period,
                                SECONDS);
                scheduler.schedule(note("other"));
                scheduler.schedule(() -> scheduler.schedule(note("other 2")));
            });
            assertThat(trail).containsExactly("run", "other", "run", "other 2", "run");
        }
    }

    @Test
    void withoutAPeriod_theInitialDelayCounts() {
        tenSeconds(scheduler -> {
            Disposable.Swap task = Disposables.swap();
            task.update(
                    scheduler.schedulePeriodically(
                            () -> {
                                noteTime("run");
                                if (trail.size() == 2) {
                                    task.dispose();
                                }
                            },
                            3,
                            0,
                            SECONDS));
        });
        assertThat(trail).containsExactly("run at 3000", "run at 3000");
    }

    // Taking back.

    @Test
    void aTaskDisposedBeforeItsTurn_neverRuns() {
        tenSeconds(scheduler -> {
            Disposable direct = scheduler.schedule(note("direct"));
            Disposable delayed = scheduler.schedule(note("delayed"), 1, SECONDS);
            Disposable periodic = scheduler.schedulePeriodically(note("ticks"), 0, 1, SECONDS);
            for (Disposable task : List.of(direct, delayed, periodic)) {
                assertThat(task.isDisposed()).isFalse();
                task.dispose();
                task.dispose();
                assertThat(task.isDisposed()).isTrue();
            }
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void aTaskThatHasRun_isDisposed() {
        List<Disposable> tasks = new ArrayList<>();
        tenSeconds(scheduler -> {
            tasks.add(scheduler.schedule(note("direct")));
            tasks.add(scheduler.schedule(note("delayed"), 1, SECONDS));
            tasks.add(scheduler.schedulePeriodically(note("tick"), 5, 10, SECONDS));
            tasks.add(
                    scheduler.schedule(
                            () -> tasks.forEach(task -> trail.add("" + task.isDisposed())),
                            2,
                            SECONDS));
        });
        assertThat(trail)
                .containsExactly("direct", "delayed", "true", "true", "false", "false", "tick");
        tasks.forEach(task -> assertThat(task.isDisposed()).isTrue());
    }

    @Test
    void aTaskThatDisposesItself_isNotInterrupted_andAPeriodicOneEnds() {
        tenSeconds(scheduler -> {
            for (long period : new long[] {0, 1}) {
                Disposable.Swap task = Disposables.swap();
                task.update(
                        scheduler.schedulePeriodically(
                                () -> {
                                    task.dispose();
                                    trail.add("interrupted: " + Thread.interrupted());
                                },
                                1,
                                period,
                                SECONDS));
            }
            scheduler.schedule(() -> trail.add("later: " + Thread.interrupted()), 5, SECONDS);
        });
        assertThat(trail)
                .containsExactly("interrupted: false", "interrupted: false", "later: false");
    }

    @Test
    void anInterruptOfATask_isNotSeenByTheNext() {
        tenSeconds(scheduler -> {
            scheduler.schedule(() -> Thread.currentThread().interrupt());
            scheduler.schedule(() -> trail.add("interrupted: " + Thread.interrupted()));
        });
        assertThat(trail).containsExactly("interrupted: false");
    }

    // The clock.

    @Test
    void now_isTheLoopsTime_andTheTimeOfDayFromMillisecondsUp() {
        Clock clock = new Clock();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            Scheduler scheduler = scheduler(loop);
            assertThat(scheduler.now(NANOSECONDS)).isEqualTo(5_000_000_123L);
            assertThat(scheduler.now(MICROSECONDS)).isEqualTo(5_000_000L);
            assertThat(scheduler.now(MILLISECONDS)).isEqualTo(1_700_000_000_999L);
            assertThat(scheduler.now(SECONDS)).isEqualTo(1_700_000_000L);
            assertThat(scheduler.now(DAYS)).isEqualTo(1_700_000_000L / 86_400);
        }
    }

    private static final class Clock implements LoopClock {
        @Override
        public long nanoTime() {
            return 5_000_000_123L;
        }

        @Override
        public boolean jumpTo(long nanoTime) {
            return false;
        }

        @Override
        public long epochMillis() {
            return 1_700_000_000_999L;
        }
    }

    @Test
    void now_ofAnOrdinaryLoop_isTheSystemsTime() {
        Scheduler scheduler = newLoopScheduler("now");
        try {
            long before = System.currentTimeMillis();
            long beforeNanos = System.nanoTime();
            assertThat(scheduler.now(MILLISECONDS))
                    .isBetween(before - 1000, System.currentTimeMillis() + 1000);
            assertThat(scheduler.now(NANOSECONDS)).isBetween(beforeNanos, System.nanoTime());
        } finally {
            scheduler.dispose();
        }
    }

    // Views.

    @Test
    void schedulersOfOneLoopAreEqual_thoseThatOwnTheirLoopAreNot() {
        try (EventLoop loop = EventLoop.create();
                EventLoop other = EventLoop.create()) {
            assertThat(scheduler(loop))
                    .isEqualTo(scheduler(loop))
                    .hasSameHashCodeAs(scheduler(loop))
                    .isNotEqualTo(scheduler(other));
        }
        Scheduler one = newLoopScheduler("same");
        Scheduler two = newLoopScheduler("same");
        assertThat(one).isEqualTo(one).isNotEqualTo(two);
        one.dispose();
        two.dispose();
    }
}
