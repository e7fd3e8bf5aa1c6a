package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** Failures of callbacks, and failures nobody looks at. */
class LoopErrorsTest {
    private final List<Object> trail = new ArrayList<>();

    private EventLoop recordingLoop() {
        return EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build();
    }

    @Test
    void aCallbackThatThrows_reachesTheHandler_andTheRestOfThePassRuns() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                loop.callSoon(() -> {
                    throw boom;
                });
                loop.callSoon(() -> trail.add("next"));
                yieldNow();
                yieldNow();
            });
        }
        assertThat(trail).containsExactly(boom, "next");
    }

    @Test
    void anErrorInACallback_isReportedToo_andTheLoopGoesOn() {
        StackOverflowError overflow = new StackOverflowError();
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                loop.callLater(
                        Duration.ofMillis(1),
                        () -> {
                            throw overflow;
                        });
                sleep(Duration.ofMillis(2));
                trail.add("alive");
            });
        }
        assertThat(trail).containsExactly(overflow, "alive");
    }

    @Test
    void withoutAHandler_itIsLoggedAtErrorWithTheCallbacksOrigin() {
        RuntimeException boom = new RuntimeException("boom");
        try (LogRecorder log = new LogRecorder()) {
            VirtualClock.run(() -> {
                currentLoop()
                        .callSoon(() -> {
                            throw boom;
                        });
                yieldNow();
            });
            assertThat(log.messages()).hasSize(1);
            assertThat(log.messages().getFirst())
                    .startsWith("SEVERE: Exception in callback")
                    .contains(LoopErrorsTest.class.getName());
            assertThat(log.thrown()).containsExactly(boom);
        }
    }

    @Test
    void aHandlerThatThrows_isLoggedTogetherWithTheFailure_andTheLoopLives() {
        RuntimeException boom = new RuntimeException("boom");
        RuntimeException worse = new RuntimeException("worse");
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().clock(new VirtualClock()).build()) {
            loop.onError(failure -> {
                throw worse;
            });
            loop.run(() -> {
                loop.callSoon(() -> {
                    throw boom;
                });
                yieldNow();
                trail.add("alive");
            });
            assertThat(log.thrown()).containsExactly(boom, worse);
            assertThat(log.messages().get(1)).contains("Unhandled error in the error handler");
        }
        assertThat(trail).containsExactly("alive");
    }

    @Test
    void aFatalErrorInACoroutine_endsThatTask_andReachesItsAwaiter() {
        StackOverflowError overflow = new StackOverflowError();
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        throw overflow;
                    });
            assertThatThrownBy(task::await).isSameAs(overflow);
            yieldNow();
        });
    }

    @Test
    void aRealStackOverflow_endsOnlyItsTask() {
        VirtualClock.run(() -> {
            Task<Integer> task = createTask(() -> endless(0));
            assertThatThrownBy(task::await).isInstanceOf(StackOverflowError.class);
            assertThat(createTask(() -> 1).await()).isEqualTo(1);
        });
    }

    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Test
    void aCheckedException_comesAsCauseOfACompletionException_fromRunToo() {
        IOException checked = new IOException("disk");
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        throw checked;
                    });
            assertThatThrownBy(task::await)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isSameAs(checked);
            assertThat(task.exception()).isSameAs(checked);
        });
        assertThatThrownBy(() ->
                        VirtualClock.run(() -> {
                            throw checked;
                        }))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(checked);
    }

    @Test
    void aFailedTaskNobodyLookedAt_isReportedOnceWhenTheLoopCloses() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                createTask(() -> {
                    throw boom;
                });
                yieldNow();
                yieldNow();
                trail.add("not yet");
            });
        }
        assertThat(trail).containsExactly("not yet", boom);
    }

    @Test
    void aFailureThatWasSeenInAnyWay_isNotReported() {
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                Task<?> awaited = failing();
                assertThatThrownBy(awaited::await).hasMessage("boom");
                Task<?> asked = failing();
                Task<?> read = failing();
                Task<?> gathered = failing();
                Task<?> converted = failing();
                Task<?> gather = Async.gatherSettled(gathered);
                yieldNow();
                yieldNow();
                assertThat(asked.exception()).hasMessage("boom");
                assertThatThrownBy(read::result).hasMessage("boom");
                gather.await();
                assertThat(converted.toCompletableFuture()).isCompletedExceptionally();
            });
        }
        assertThat(trail).isEmpty();
    }

    private static Task<Void> failing() {
        return createTask(() -> {
            throw new RuntimeException("boom");
        });
    }

    @Test
    void aCancellationNobodyLookedAt_isNotReported() {
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                createTask(() -> sleep(Duration.ofHours(1))).cancel();
                createTask(() -> {
                    throw new CancellationException("own");
                });
                sleep(Duration.ofSeconds(1));
            });
        }
        assertThat(trail).isEmpty();
    }

    @Test
    void aFailedTaskThatIsCollected_isReportedWhileTheLoopRuns() {
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                WeakReference<Task<Void>> lost = new WeakReference<>(failing());
                yieldNow();
                while (lost.get() != null || trail.isEmpty()) {
                    System.gc();
                    yieldNow();
                }
                assertThat(trail).hasSize(1);
            });
        }
        assertThat(trail).hasSize(1);
    }

    @Test
    void aTaskThatFailsInTheShutdown_isReported_andMainsFailureStands() {
        RuntimeException cleanup = new RuntimeException("clean-up failed");
        RuntimeException main = new RuntimeException("main failed");
        try (EventLoop loop = recordingLoop()) {
            assertThatThrownBy(() ->
                            loop.run(() -> {
                                createTask(() -> {
                                    try {
                                        sleep(Duration.ofHours(1));
                                    } finally {
                                        throw cleanup;
                                    }
                                });
                                yieldNow();
                                throw main;
                            }))
                    .isSameAs(main)
                    .hasNoSuppressedExceptions();
            assertThat(trail).containsExactly(cleanup);
        }
        assertThat(trail).containsExactly(cleanup);
    }

    @Test
    void inDebugMode_aSlowCallbackIsLoggedAfterItEnded() {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().debug(true).build()) {
            loop.run(() -> {
                loop.callSoon(() -> {
                    long end = System.nanoTime() + 110_000_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                });
                yieldNow();
            });
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING: callback")
                    .contains(" ms");
        }
    }

    @Test
    void aFailureGivenToTheThreadsUncaughtHandler_reachesTheLoopsHandler() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop = recordingLoop()) {
            loop.run(() -> {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, boom);
            });
        }
        assertThat(trail).containsExactly(boom);
    }
}
