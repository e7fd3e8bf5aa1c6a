package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

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
import java.util.concurrent.atomic.AtomicReference;

/** Running, starting, closing, and calls at the wrong time or with bad arguments. */
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
    void run_insideARunningLoop_isRefused_beforeAnythingBegins_andTheLoopIsAsItWas() {
        VirtualClock.run(() -> {
            Action inner = () -> trail.add("began");
            assertThatThrownBy(() -> Async.run(inner))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("await the coroutine, or make it a task");
            assertThatThrownBy(() -> currentLoop().run(inner))
                    .isInstanceOf(IllegalStateException.class);
            try (EventLoop other = EventLoop.create()) {
                assertThatThrownBy(() -> other.run(inner))
                        .isInstanceOf(IllegalStateException.class);
            }
            currentLoop()
                    .callSoon(() ->
                            assertThatThrownBy(() -> Async.run(inner))
                                    .isInstanceOf(IllegalStateException.class));
            yieldNow();
            assertThat(currentTask()).isNotNull();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void run_onAStartedLoop_isRefused() {
        try (EventLoop loop = EventLoop.start("started")) {
            assertThatThrownBy(() -> loop.run(() -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("runs already; submit()");
        }
    }

    @Test
    void aClosedLoop_refusesEverything_andASecondCloseDoesNothing() {
        for (EventLoop loop : List.of(EventLoop.create(), EventLoop.start("s"))) {
            loop.close();
            loop.close();
            Action body = () -> trail.add("ran");
            Runnable callback = () -> trail.add("ran");
            List<Runnable> uses =
                    List.of(
                            () -> loop.run(body),
                            () -> loop.submit(body),
                            () -> loop.callSoon(callback),
                            () -> loop.callLater(HOUR, callback),
                            () -> loop.callAt(0, callback));
            for (Runnable use : uses) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("is closed; create or start another one");
            }
            assertThat(loop.inLoop()).isFalse();
            assertThat(loop.toString()).contains("closed");
        }
        assertThat(trail).isEmpty();
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

    private static void awaitPlainly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
    void close_fromWithin_isRefused() {
        VirtualClock.run(() ->
                assertThatThrownBy(currentLoop()::close)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("cannot be closed from within"));
    }

    @Test
    void close_whileRunRuns_isRefused() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (EventLoop loop = EventLoop.create()) {
            loop.run(() -> {
                Promise<Void> closed = loop.newPromise();
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                loop.close();
                            } catch (IllegalStateException e) {
                                thrown.set(e);
                            }
                            closed.complete(null);
                        });
                closed.await();
            });
        }
        assertThat(thrown.get()).hasMessageContaining("is in run()");
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
    void outsideACoroutine_awaitSaysWhatToDoInstead() {
        try (EventLoop loop = EventLoop.start("s")) {
            Task<?> task = loop.submit(() -> 1);
            task.join();
            Coroutine<Integer> coroutine = () -> 1;
            List<Runnable> awaits =
                    List.of(
                            task::await,
                            coroutine::await,
                            () -> sleep(HOUR),
                            Async::yieldNow,
                            () -> Async.await(CompletableFuture.completedFuture(1)));
            for (Runnable await : awaits) {
                assertThatThrownBy(await::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("Only a coroutine can")
                        .hasMessageContaining("Async.run, createTask or EventLoop.submit");
            }
            CompletableFuture<Throwable> inCallback = new CompletableFuture<>();
            loop.callSoon(() -> {
                try {
                    task.await();
                } catch (IllegalStateException e) {
                    inCallback.complete(e);
                }
            });
            assertThat(inCallback.join()).hasMessageContaining("a callback can use onDone");
        }
        List<Runnable> needALoop =
                List.of(
                        () -> createTask(() -> {}),
                        () -> gather(() -> 1),
                        Async::allTasks,
                        Async::currentLoop);
        for (Runnable use : needALoop) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("No loop runs on this thread");
        }
    }

    @Test
    void aTaskOfAnotherLoop_cannotBeAwaited_butItsFutureCan() {
        try (EventLoop other = EventLoop.start("other")) {
            Task<Integer> foreign =
                    other.submit(() -> {
                        sleep(Duration.ofMillis(20));
                        return 5;
                    });
            Async.run(() -> {
                assertThatThrownBy(foreign::await)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("belongs to the loop other")
                        .hasMessageContaining("toCompletableFuture()");
                assertThat(Async.await(foreign.toCompletableFuture())).isEqualTo(5);
            });
        }
    }

    @Test
    void aNegativeDuration_isRefused() {
        VirtualClock.run(() -> {
            List<Runnable> uses =
                    List.of(
                            () -> sleep(Duration.ofMillis(-1)),
                            () -> currentLoop().callLater(Duration.ofNanos(-1), () -> {}),
                            () -> EventLoop.builder().watchdog(Duration.ofNanos(-1)));
            for (Runnable use : uses) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("negative")
                        .hasMessageContaining("Duration.ZERO");
            }
        });
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
    void nullArguments_areRefusedAtTheCall() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            Promise<Integer> promise = loop.newPromise();
            List<Runnable> uses =
                    List.of(
                            () -> createTask((Action) null),
                            () -> createTask((Coroutine<?>) null),
                            () -> createTask(null, () -> 1),
                            () -> createTask("name", (Coroutine<?>) null),
                            () -> sleep(null),
                            () -> gather((Action) null),
                            () -> gather((Coroutine<?>) null),
                            () -> Async.await((CompletableFuture<?>) null),
                            () -> loop.callSoon(null),
                            () -> loop.callLater(null, () -> {}),
                            () -> loop.callLater(HOUR, null),
                            () -> loop.callAt(0, null),
                            () -> loop.submit((Action) null),
                            () -> loop.submit((Coroutine<?>) null),
                            () -> loop.onError(null),
                            () -> promise.fail(null),
                            () -> promise.onDone(null),
                            () -> EventLoop.builder().name(null),
                            () -> EventLoop.builder().clock(null));
            for (Runnable use : uses) {
                assertThatThrownBy(use::run).isInstanceOf(NullPointerException.class);
            }
            assertThat(Async.allTasks()).hasSize(1);
        });
        assertThatThrownBy(() -> Async.run((Action) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Async.run((Coroutine<?>) null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void uncancel_fromAnotherThread_isRefused() {
        try (EventLoop loop = EventLoop.start("s")) {
            Task<?> task = loop.submit(() -> sleep(HOUR));
            assertThatThrownBy(task::uncancel).isInstanceOf(IllegalStateException.class);
        }
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
