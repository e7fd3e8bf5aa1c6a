package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.currentTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Calls at the wrong time, from the wrong place or with bad arguments. */
class MisuseTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private final List<Object> trail = new ArrayList<>();

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
}
