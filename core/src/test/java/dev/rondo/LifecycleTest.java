package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;
import static dev.rondo.Latches.awaitPlainly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;

/** Running, starting and closing a loop, its thread and its time. */
class LifecycleTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aLoopRunsOneCoroutineAfterAnother() {
        try (EventLoop loop = EventLoop.create()) {
            assertThat(loop.run(() -> 1)).isEqualTo(1);
            assertThat(loop.run(() -> 2)).isEqualTo(2);
        }
    }

    @Test
    void afterAFailedRun_theLoopRunsAgain_withNothingLeftOfTheFirst() {
        try (EventLoop loop = EventLoop.create()) {
            assertThatThrownBy(() ->
                            loop.run(() -> {
                                createTask(() -> sleep(HOUR));
                                yieldNow();
                                throw new RuntimeException("boom");
                            }))
                    .hasMessage("boom");
            assertThat(loop.run(() -> Async.allTasks().size())).isEqualTo(1);
        }
    }

    @Test
    void whatWasSubmittedBeforeTheRun_beginsFirst() {
        try (EventLoop loop = EventLoop.create()) {
            loop.submit(() -> trail.add("submitted"));
            loop.callSoon(() -> trail.add("callback"));
            loop.run(() -> trail.add("main"));
        }
        assertThat(trail).containsExactly("submitted", "callback", "main");
    }

    @Test
    void close_cancelsTheTasksOfAStartedLoop_andWaitsForTheirCleanUp() {
        EventLoop loop = EventLoop.start("closing");
        CountDownLatch begun = new CountDownLatch(1);
        Task<?> task =
                loop.submit(() -> {
                    try {
                        begun.countDown();
                        sleep(HOUR);
                    } finally {
                        sleep(Duration.ofMillis(1));
                        trail.add("cleaned up");
                    }
                });
        awaitPlainly(begun);
        loop.close();
        assertThat(trail).containsExactly("cleaned up");
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void close_ofALoopThatNeverRan_cancelsWhatWasSubmitted_soThatNobodyWaitsForEver() {
        EventLoop loop = EventLoop.create();
        Task<?> task = loop.submit(() -> trail.add("ran"));
        CompletableFuture<?> future = task.toCompletableFuture();
        loop.close();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
        assertThat(future).isCancelled();
        assertThat(trail).isEmpty();
    }

    @Test
    void close_tellsThoseWhoWaitOutsideForAPromiseNobodyEnded() {
        EventLoop loop = EventLoop.start("closing");
        CompletableFuture<Object> future = loop.newPromise().toCompletableFuture();
        loop.close();
        assertThat(future).isCancelled();
    }

    @Test
    void anInterruptedClose_letsTheLoopCloseByItself() throws Exception {
        EventLoop loop = EventLoop.start("stubborn");
        CompletableFuture<Void> release = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Task<String> stubborn =
                loop.submit(() -> {
                    try {
                        begun.countDown();
                        sleep(HOUR);
                        return "never";
                    } catch (CancellationException e) {
                        Async.await(release);
                        return "ended";
                    }
                });
        begun.await();
        CompletableFuture<Boolean> status = new CompletableFuture<>();
        Thread closer =
                Thread.ofPlatform()
                        .start(() -> {
                            loop.close();
                            status.complete(Thread.currentThread().isInterrupted());
                        });
        closer.interrupt();
        assertThat(status.get()).isTrue();
        assertThat(stubborn.isDone()).isFalse();
        release.complete(null);
        assertThat(stubborn.join()).isEqualTo("ended");
        loop.close();
    }

    @Test
    void loopsLeaveNoThreadBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            Async.run(() -> gather(() -> 1, () -> 2).await());
            EventLoop.start("leaving").close();
        }
        assertThat(Insides.anyLoopRuns()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().matches("leaving|rondo-\\d+"));
    }

    @Test
    void aLoopWithNothingToDo_parksUntilItIsWoken() {
        try (EventLoop loop = EventLoop.start("idle")) {
            CompletableFuture<Thread> own = new CompletableFuture<>();
            loop.callSoon(() -> own.complete(Thread.currentThread()));
            Thread thread = own.join();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(loop.submit(() -> "awake").join()).isEqualTo("awake");
        }
    }

    @Test
    void aStartedLoopsThread_hasItsName_andTheStartersContextClassLoader() {
        ClassLoader own = new ClassLoader("own", getClass().getClassLoader()) {};
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(own);
        try (EventLoop loop = EventLoop.start("named")) {
            CompletableFuture<Object> thread = new CompletableFuture<>();
            loop.callSoon(() -> thread.complete(Thread.currentThread().getName()));
            assertThat(thread.join()).isEqualTo("named");
            assertThat(loop.submit(() -> Thread.currentThread().getContextClassLoader()).join())
                    .isSameAs(own);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void inLoop_isTrueInCallbacksAndCoroutines_andFalseElsewhere() {
        try (EventLoop other = EventLoop.create()) {
            VirtualClock.run(() -> {
                EventLoop loop = currentLoop();
                loop.callSoon(() -> trail.add(loop.inLoop()));
                yieldNow();
                trail.add(loop.inLoop());
                trail.add(other.inLoop());
                Thread plain = Thread.ofVirtual().start(() -> trail.add(loop.inLoop()));
                plain.join();
            });
        }
        assertThat(trail).containsExactly(true, true, false, false);
    }

    @Test
    void anEndlessDuration_isAsGoodAsForEver() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(() -> sleep(Duration.ofSeconds(Long.MAX_VALUE)));
            sleep(Duration.ofDays(365));
            assertThat(task.isDone()).isFalse();
        });
    }

    @Test
    void sleepZero_isAYield() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("other"));
            sleep(Duration.ZERO);
            trail.add("main");
            assertThat(Insides.timers(currentLoop())).isZero();
        });
        assertThat(trail).containsExactly("other", "main");
    }

    @Test
    void aLoopWithSettings_isStartedByItsBuilder() {
        try (EventLoop loop = EventLoop.builder().name("set up").debug(true).start()) {
            Task<String> task = loop.submit("mine", () -> Thread.currentThread().getName());
            assertThat(task.join()).isEqualTo("mine");
            assertThat(task.name()).isEqualTo("mine");
            loop.submit("other", () -> trail.add(currentTask().name())).join();
        }
        assertThat(trail).containsExactly("other");
    }

    @Test
    void asAnExecutor_itRunsWhatItIsGiven_andRejectsOnceItHasClosed() {
        EventLoop loop = EventLoop.start("executor");
        CompletableFuture<Boolean> onLoop =
                CompletableFuture.supplyAsync(() -> currentLoop() == loop, loop);
        assertThat(onLoop.join()).isTrue();
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> trail.add("late")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(LoopClosedException.class);
        assertThatThrownBy(() -> loop.submit(() -> trail.add("late")))
                .isInstanceOf(LoopClosedException.class)
                .hasMessageContaining("is closed; create or start another one");
        assertThat(trail).isEmpty();
    }
}
