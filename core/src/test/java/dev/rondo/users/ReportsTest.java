package dev.rondo.users;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.*;
import dev.rondo.sync.AsyncLock;
import dev.rondo.testing.*;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.*;

/** What is told of a failure and of a stall: what, whose, and the user's line. */
class ReportsTest {
    private final List<Object> trail = new ArrayList<>();
    private Task<?> kept;

    private static String first(StackTraceElement[] frames) {
        return Arrays.stream(frames)
                .map(StackTraceElement::getClassName)
                .filter(name -> name.startsWith("dev.rondo.users"))
                .findFirst()
                .orElse("none");
    }

    private void told(LoopFailure failure) {
        trail.add(failure.loop().name());
        trail.add(failure.what().replaceFirst("\\(a lambda of .*\\)", "X"));
        trail.add(failure.failure().getMessage());
        trail.add(failure.task() == null ? "no task" : failure.task().name());
        trail.add(failure.origin() == null ? "no origin" : first(failure.origin().getStackTrace()));
    }

    private void fails(EventLoop loop) {
        loop.run(() -> {
            loop.callSoon(() -> {
                throw new RuntimeException("of a callback");
            });
            yieldNow();
            Task<Void> ended = createTask("ended", () -> {});
            ended.onDone(done -> {
                throw new RuntimeException("of onDone");
            });
            ended.await();
            yieldNow();
            Task<Void> lost =
                    createTask(
                            "lost",
                            () -> {
                                throw new RuntimeException("of a task");
                            });
            waitAll(List.of(lost));
            kept = lost;
        });
    }

    @Test
    void onFailure_isToldWhatFailed_andInDebugModeWhereItWasMade() {
        try (EventLoop loop =
                EventLoop.builder()
                        .name("told")
                        .clock(new VirtualClock())
                        .debug(true)
                        .onFailure(this::told)
                        .build()) {
            fails(loop);
        }
        String here = ReportsTest.class.getName();
        assertThat(trail)
                .containsExactly(
                        "told",
                        "Exception in callback X",
                        "of a callback",
                        "no task",
                        here,
                        "told",
                        "Exception in onDone callback X",
                        "of onDone",
                        "ended",
                        here,
                        "told",
                        "Task 'lost' failed and nobody looked at its failure",
                        "of a task",
                        "lost",
                        here);
    }

    @Test
    void onFailureAndOnError_replaceEachOther_andWithoutDebugModeThereIsNoOrigin() {
        try (EventLoop loop = EventLoop.builder().name("told").onFailure(this::told).build()) {
            Action failing =
                    () -> {
                        loop.callSoon(() -> {
                            throw new RuntimeException("boom");
                        });
                        yieldNow();
                    };
            loop.run(failing);
            loop.onError(failure -> trail.add(failure.getMessage()));
            loop.run(failing);
            loop.onFailure(failure -> trail.add(failure.failure().getMessage() + " again"));
            loop.run(failing);
        }
        assertThat(trail)
                .containsExactly(
                        "told",
                        "Exception in callback X",
                        "boom",
                        "no task",
                        "no origin",
                        "boom",
                        "boom again");
    }

    @Test
    void aTaskThatWaitsForAPrimitive_isShownAtTheUsersLine() {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().watchdog(Duration.ofMillis(50)).build()) {
            loop.run(() -> {
                AsyncLock lock = new AsyncLock();
                lock.acquire();
                createTask("waiting", () -> lock.with(() -> {}));
                yieldNow();
                while (log.messages().isEmpty()) {
                    Thread.sleep(5);
                }
                lock.release();
            });
            assertThat(log.messages().getFirst())
                    .containsPattern(
                            "suspended meanwhile: Task 'waiting' at dev\\.rondo\\.users\\.");
        }
    }
}
