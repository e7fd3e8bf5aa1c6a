package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;
import static dev.rondo.reactor.ReactorBridge.scheduler;
import static dev.rondo.reactor.SchedulerTest.tenSeconds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** The end of a scheduler: what it refuses, what it drops, what it lets run. */
class RejectionTest {
    private final List<String> trail = new ArrayList<>();

    private Runnable note(String event) {
        return () -> trail.add(event);
    }

    /** All six ways to submit are refused, with the object that operators look for. */
    private static void assertRejects(Scheduler scheduler, Scheduler.Worker worker) {
        Runnable never =
                () -> {
                    throw new AssertionError("has run");
                };
        assertThat(
                        List.of(
                                catchThrowable(() -> scheduler.schedule(never)),
                                catchThrowable(() -> scheduler.schedule(never, 1, SECONDS)),
                                catchThrowable(
                                        () -> scheduler.schedulePeriodically(never, 1, 1, SECONDS)),
                                catchThrowable(
                                        () -> scheduler.schedulePeriodically(never, 0, 0, SECONDS)),
                                catchThrowable(() -> worker.schedule(never)),
                                catchThrowable(() -> worker.schedule(never, 1, SECONDS)),
                                catchThrowable(
                                        () -> worker.schedulePeriodically(never, 1, 1, SECONDS)),
                                catchThrowable(
                                        () -> worker.schedulePeriodically(never, 0, 0, SECONDS))))
                .allMatch(e -> e == Exceptions.failWithRejected());
    }

    // A view.

    @Test
    void aDisposedView_rejectsEverything_cancelsItsOwn_andLeavesTheLoopAndOtherViewsAlone() {
        tenSeconds(scheduler -> {
            EventLoop loop = Async.currentLoop();
            Scheduler other = scheduler(loop);
            Scheduler.Worker worker = scheduler.createWorker();
            List<Disposable> tasks =
                    List.of(
                            scheduler.schedule(note("direct")),
                            scheduler.schedule(note("delayed"), 1, SECONDS),
                            scheduler.schedulePeriodically(note("periodic"), 0, 1, SECONDS),
                            worker.schedule(note("worker's direct")),
                            worker.schedule(note("worker's delayed"), 1, SECONDS),
                            worker.schedulePeriodically(note("worker's"), 1, 0, SECONDS));
            other.schedule(note("other's"), 2, SECONDS);
            loop.callLater(Duration.ofSeconds(3), note("loop's"));
            scheduler.dispose();
            scheduler.dispose();

            assertThat(scheduler.isDisposed()).isTrue();
            assertThat(worker.isDisposed()).isTrue();
            assertThat(tasks).allMatch(Disposable::isDisposed);
            assertRejects(scheduler, worker);
            Scheduler.Worker late = scheduler.createWorker();
            assertThat(late.isDisposed()).isTrue();
            assertRejects(scheduler, late);
            assertThat(other.isDisposed()).isFalse();
        });
        assertThat(trail).containsExactly("other's", "loop's");
    }

    @Test
    void aDisposedWorker_rejects_itsSchedulerDoesNot() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            Scheduler disposed = scheduler(Async.currentLoop());
            disposed.dispose();
            worker.dispose();
            assertRejects(disposed, worker);
            scheduler.schedule(note("runs"));
        });
        assertThat(trail).containsExactly("runs");
    }

    @Test
    void disposedByItsOwnTask_theTaskRunsToItsEnd_uninterrupted() {
        tenSeconds(scheduler -> {
            scheduler.schedule(() -> {
                scheduler.dispose();
                trail.add("interrupted: " + Thread.interrupted());
            });
            scheduler.schedule(note("dropped"));
        });
        assertThat(trail).containsExactly("interrupted: false");
    }

    @Test
    void disposedByAnotherThread_theRunningTaskIsNotInterrupted() throws Exception {
        Scheduler scheduler = newLoopScheduler("running");
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch disposed = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Disposable task =
                scheduler.schedule(() -> {
                    running.countDown();
                    try {
                        disposed.await();
                        interrupted.complete(false);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    }
                });
        running.await();
        task.dispose();
        scheduler.dispose();
        disposed.countDown();
        assertThat(interrupted.get(10, SECONDS)).isFalse();
    }

    // A loop that somebody else closes.

    @Test
    void onceTheLoopIsClosedBySomebodyElse_everythingIsRejected() {
        EventLoop loop = EventLoop.start("closed");
        Scheduler scheduler = scheduler(loop);
        Scheduler.Worker worker = scheduler.createWorker();
        Disposable delayed = scheduler.schedule(note("never"), 1, SECONDS);
        loop.close();
        assertThat(scheduler.isDisposed()).isTrue();
        assertThat(worker.isDisposed()).isTrue();
        assertThat(delayed.isDisposed()).isTrue();
        assertRejects(scheduler, worker);
        assertRejects(scheduler(loop), scheduler(loop).createWorker());
        delayed.dispose();
        worker.dispose();
        scheduler.dispose();
        scheduler.disposeGracefully().block(Duration.ofSeconds(10));
        assertThat(trail).isEmpty();
    }

    @Test
    void operatorsTellTheirSubscriberOfARejection() {
        Scheduler scheduler = newLoopScheduler("operators");
        scheduler.dispose();
        for (Flux<?> flux :
                List.of(
                        Flux.range(1, 3).publishOn(scheduler),
                        Flux.range(1, 3).subscribeOn(scheduler),
                        Flux.range(1, 3).delayElements(Duration.ofSeconds(1), scheduler),
                        Flux.interval(Duration.ofSeconds(1), scheduler),
                        Flux.range(1, 3).bufferTimeout(2, Duration.ofSeconds(1), scheduler),
                        Mono.delay(Duration.ofSeconds(1), scheduler).flux())) {
            StepVerifier.create(flux)
                    .expectError(RejectedExecutionException.class)
                    .verify(Duration.ofSeconds(10));
        }
    }

    // An owner.

    @Test
    void anOwnerClosesItsLoop_alsoFromItsOwnTask() throws Exception {
        for (boolean fromTask : new boolean[] {false, true}) {
            Scheduler scheduler = newLoopScheduler("owner");
            Scheduler.Worker worker = scheduler.createWorker();
            CompletableFuture<EventLoop> loop = new CompletableFuture<>();
            CompletableFuture<String> end = new CompletableFuture<>();
            scheduler.schedule(() -> {
                Async.currentLoop()
                        .submit(() -> Async.sleep(Duration.ofDays(1)))
                        .onDone(task -> end.complete("cancelled: " + task.isCancelled()));
                loop.complete(Async.currentLoop());
                if (fromTask) {
                    scheduler.dispose();
                }
            });
            EventLoop closing = loop.get(10, SECONDS);
            if (!fromTask) {
                scheduler.dispose();
            }
            assertThat(end.get(10, SECONDS)).isEqualTo("cancelled: true");
            scheduler.dispose();
            closing.closeAsync().get(10, SECONDS);
            assertThat(closing.isClosed()).isTrue();
            assertRejects(scheduler, worker);
        }
    }

    @Test
    void init_isIdempotent_untilTheEnd() {
        Scheduler scheduler = newLoopScheduler("init");
        assertThat(scheduler.isDisposed()).isFalse();
        scheduler.init();
        scheduler.init();
        scheduler.dispose();
        scheduler.dispose();
        assertThat(scheduler.isDisposed()).isTrue();
        assertThatIllegalStateException().isThrownBy(scheduler::init);
        startAgain(scheduler);
        assertThat(scheduler.isDisposed()).isTrue();
    }

    @SuppressWarnings("deprecation")
    private static void startAgain(Scheduler scheduler) {
        scheduler.start();
    }

    // Gracefully.

    @Test
    void gracefully_nothingHappensBeforeTheSubscription() {
        tenSeconds(scheduler -> {
            Mono<Void> end = scheduler.disposeGracefully();
            assertThat(scheduler.isDisposed()).isFalse();
            scheduler.schedule(note("runs"));
            assertThat(end).isNotNull();
        });
        assertThat(trail).containsExactly("runs");
    }

    @Test
    void gracefully_queuedAndDelayedWorkRuns_periodicEnds_moreIsRejected() {
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            Disposable periodic = worker.schedulePeriodically(note("tick"), 1, 1, SECONDS);
            scheduler.schedulePeriodically(note("at once"), 1, 0, SECONDS);
            worker.schedule(note("delayed"), 8, SECONDS);
            scheduler.schedule(note("queued"));
            CompletableFuture<Void> end = scheduler.disposeGracefully().toFuture();
            assertThat(scheduler.isDisposed()).isTrue();
            assertRejects(scheduler, worker);
            Async.currentLoop()
                    .callLater(
                            Duration.ofSeconds(9),
                            () -> {
                                trail.add("ticks: " + !periodic.isDisposed());
                                // It comes on another thread.
                                end.orTimeout(10, SECONDS).join();
                                trail.add("ended");
                            });
        });
        assertThat(trail).containsExactly("queued", "delayed", "ticks: false", "ended");
    }

    @Test
    void gracefully_itEndsOnNoLoopsThread_andAnOwnersLoopIsClosedThen() {
        Scheduler scheduler = newLoopScheduler("graceful");
        CompletableFuture<EventLoop> loop = new CompletableFuture<>();
        scheduler.schedule(() -> loop.complete(Async.currentLoop()), 50, MILLISECONDS);
        Boolean onLoop =
                scheduler
                        .disposeGracefully()
                        .then(
                                Mono.fromSupplier(
                                        () -> EventLoop.isLoopThread(Thread.currentThread())))
                        .block(Duration.ofSeconds(10));
        assertThat(onLoop).isFalse();
        assertThat(loop).isCompletedWithValueMatching(EventLoop::isClosed);
    }

    @Test
    void gracefully_mayBeAskedAgainAfterATimeout_andForcedAfterwards() {
        Scheduler scheduler = newLoopScheduler("patient");
        scheduler.schedule(note("never"), 1, HOURS);
        for (int i = 0; i < 2; i++) {
            StepVerifier.create(scheduler.disposeGracefully().timeout(Duration.ofMillis(20)))
                    .expectError(TimeoutException.class)
                    .verify(Duration.ofSeconds(10));
        }
        CompletableFuture<Void> end = scheduler.disposeGracefully().toFuture();
        assertThat(end).isNotDone();
        scheduler.dispose();
        assertThat(end).succeedsWithin(Duration.ofSeconds(10));
        assertThat(trail).isEmpty();
    }

    @Test
    void gracefully_ofAView_theLoopGoesOn() {
        try (EventLoop loop = EventLoop.start("goes on")) {
            Scheduler scheduler = scheduler(loop);
            scheduler.schedule(note("queued"));
            scheduler.disposeGracefully().block(Duration.ofSeconds(10));
            assertThat(trail).containsExactly("queued");
            assertThat(loop.submit(() -> "alive").join()).isEqualTo("alive");
        }
    }

    @Test
    void gracefully_theEndOfTheLoopEndsTheWait() {
        EventLoop loop = EventLoop.start("ends");
        Scheduler scheduler = scheduler(loop);
        scheduler.schedule(note("never"), 1, HOURS);
        CompletableFuture<Void> end = scheduler.disposeGracefully().toFuture();
        loop.close();
        assertThat(end).succeedsWithin(Duration.ofSeconds(10));
    }
}
