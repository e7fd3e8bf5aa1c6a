package dev.rondo.reactor;

import static dev.rondo.reactor.SchedulerTest.tenSeconds;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A task that throws: Reactor's handlers hear of it, and the loop goes on. */
class ErrorsTest {
    private final List<String> trail = new ArrayList<>();
    private final Thread.UncaughtExceptionHandler before =
            Thread.getDefaultUncaughtExceptionHandler();

    @BeforeEach
    void listen() {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            if (EventLoop.isLoopThread(thread)) {
                trail.add("uncaught " + e.getMessage());
            }
        });
        Schedulers.onHandleError(
                "ErrorsTest", (thread, e) -> trail.add(onLoop(thread) + " " + e.getMessage()));
    }

    private static String onLoop(Thread thread) {
        return thread == Thread.currentThread() && EventLoop.isLoopThread(thread)
                ? "hook on the loop:"
                : "hook elsewhere:";
    }

    @AfterEach
    void stopListening() {
        Schedulers.resetOnHandleError("ErrorsTest");
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private static Runnable failing(Throwable e) {
        return () -> Throwing.<RuntimeException>sneaky(e);
    }

    @Test
    void everyFailure_goesToTheThreadsHandlerAndTheHook_alsoAFatalOne_andTheNextTaskRuns() {
        for (Throwable e :
                List.of(
                        new IllegalStateException("boom"),
                        new IOException("boom"),
                        new StackOverflowError("boom"),
                        new NoClassDefFoundError("boom"),
                        new AssertionError("boom"))) {
            trail.clear();
            tenSeconds(scheduler -> {
                scheduler.schedule(failing(e));
                scheduler.createWorker().schedule(failing(e), 1, SECONDS);
                scheduler.schedule(() -> trail.add("next"), 2, SECONDS);
            });
            assertThat(trail)
                    .containsExactly(
                            "uncaught boom",
                            "hook on the loop: boom",
                            "uncaught boom",
                            "hook on the loop: boom",
                            "next");
        }
    }

    @Test
    void aPeriodicTaskThatFails_goesOn_oneWithoutAPeriodStops() {
        int[] runs = new int[2];
        tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            worker.schedulePeriodically(
                    () -> {
                        runs[0]++;
                        throw new IllegalStateException("ticks on");
                    },
                    1,
                    3,
                    SECONDS);
            worker.schedulePeriodically(
                    () -> {
                        runs[1]++;
                        throw new IllegalStateException("stops");
                    },
                    1,
                    0,
                    SECONDS);
        });
        assertThat(runs).containsExactly(4, 1);
        assertThat(trail).filteredOn(e -> e.startsWith("hook")).hasSize(5);
    }

    @Test
    void aHookThatFailsItself_doesNotHarmTheLoopOrThePeriodicTask() {
        List<Throwable> reported = new ArrayList<>();
        Schedulers.onHandleError(
                "ErrorsTest",
                (thread, e) -> {
                    throw new IllegalStateException("the hook's own");
                });
        int[] runs = new int[1];
        tenSeconds(scheduler -> {
            Async.currentLoop().onError(reported::add);
            scheduler.schedulePeriodically(
                    () -> {
                        runs[0]++;
                        throw new IllegalStateException("the task's");
                    },
                    1,
                    5,
                    SECONDS);
        });
        assertThat(runs).containsExactly(2);
        assertThat(reported).extracting(Throwable::getMessage).contains("the hook's own");
    }
}
