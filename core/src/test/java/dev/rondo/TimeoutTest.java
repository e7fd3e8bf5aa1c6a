package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** timeout, timeoutAt, waitFor. */
class TimeoutTest {
    private final List<Object> trail = new ArrayList<>();

    private static long now() {
        return ofNanos(currentLoop().time()).toSeconds();
    }

    @Test
    void theBodyIsCancelled_andTheTimeoutNamesItself_withTheCancellationAsCause() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() -> timeout(ofSeconds(2), () -> sleep(ofHours(1))))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("timeout of PT2S in Task 'Task-1'")
                    .hasCauseInstanceOf(CancellationException.class);
            assertThat(now()).isEqualTo(2);
            assertThat(currentTask().cancelling()).isZero();
            assertThat(Insides.timers(currentLoop())).isZero();
        });
    }

    @Test
    void aBodyInTime_givesItsResult_andLeavesNoTimer() {
        VirtualClock.run(() -> {
            assertThat(timeout(ofSeconds(2), () -> 5)).isEqualTo(5);
            assertThat(Insides.timers(currentLoop())).isZero();
        });
    }

    @Test
    void ofZeroOrLess_firesAtTheFirstSuspension_andNotWithoutOne() {
        VirtualClock.run(() -> {
            for (Duration limit : List.of(ZERO, ofSeconds(-1))) {
                assertThatThrownBy(() -> timeout(limit, Async::yieldNow))
                        .isInstanceOf(AsyncTimeoutException.class);
                assertThat(
                                timeout(
                                        limit,
                                        (Timeout t) -> {
                                            trail.add(t.isExpired());
                                            return 1;
                                        }))
                        .isEqualTo(1);
            }
            assertThatThrownBy(() -> timeoutAt(currentLoop().time() - 1, Async::yieldNow))
                    .isInstanceOf(AsyncTimeoutException.class);
        });
        assertThat(trail).containsExactly(false, false);
    }

    @Test
    void aBodyThatSwallows_isNoTimeout_butExpired_andLaterSuspensionsGoOn() {
        VirtualClock.run(() -> {
            timeout(
                    ofSeconds(1),
                    timeout -> {
                        try {
                            sleep(ofHours(1));
                        } catch (CancellationException e) {
                            trail.add("swallowed");
                        }
                        sleep(ofSeconds(5));
                        trail.add(timeout.isExpired());
                    });
            assertThat(currentTask().cancelling()).isZero();
            yieldNow();
        });
        assertThat(trail).containsExactly("swallowed", true);
    }

    @Test
    void aBodyThatAnswersWithItsOwnFailure_failsWithThat() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () -> {
                                        try {
                                            sleep(ofHours(1));
                                        } finally {
                                            throw boom;
                                        }
                                    }))
                    .isSameAs(boom);
            assertThat(currentTask().cancelling()).isZero();
        });
    }

    @Test
    void ofTwoNestedWithTheSameDeadline_onlyTheOuterThrows() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    outer -> {
                                        try {
                                            timeout(ofSeconds(1), () -> sleep(ofHours(1)));
                                        } catch (CancellationException e) {
                                            trail.add("inner is cancelled");
                                            throw e;
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(currentTask().cancelling()).isZero();
        });
        assertThat(trail).containsExactly("inner is cancelled");
    }

    @Test
    void anOuterShorterOne_passesTheInnerBy_andAnInnerShorterOneLetsTheOuterGoOn() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () -> timeout(ofSeconds(9), () -> sleep(ofHours(1)))))
                    .hasMessageContaining("PT1S");
            timeout(
                    ofSeconds(9),
                    () -> {
                        assertThatThrownBy(() -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))
                                .hasMessageContaining("PT1S");
                        sleep(ofSeconds(1));
                        trail.add("goes on");
                    });
        });
        assertThat(trail).containsExactly("goes on");
    }

    @Test
    void aCancelFromOutside_winsOverATimeoutThatHasFired() {
        VirtualClock.run(() -> {
            Timeout[] seen = new Timeout[1];
            Task<?> task =
                    createTask(() ->
                            timeout(
                                    ofSeconds(1),
                                    timeout -> {
                                        seen[0] = timeout;
                                        sleep(ofHours(1));
                                    }));
            currentLoop().callLater(ofSeconds(1), () -> task.cancel("outside"));
            yieldNow();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(task.cancelling()).isEqualTo(1);
            assertThat(seen[0].isExpired()).isTrue();
        });
    }

    @Test
    void aCancelBeforeTheDeadline_isACancel() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(() -> timeout(ofSeconds(9), () -> sleep(ofHours(1))));
            yieldNow();
            task.cancel("outside");
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("outside");
        });
    }

    @Test
    void anOldSwallowedRequest_doesNotDisturbALaterTimeout() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel();
                        try {
                            yieldNow();
                        } catch (CancellationException e) {
                            trail.add(currentTask().cancelling());
                        }
                        timeout(ofSeconds(1), () -> sleep(ofHours(1)));
                    });
            assertThatThrownBy(task::await).isInstanceOf(AsyncTimeoutException.class);
        });
        assertThat(trail).containsExactly(1);
    }

    @Test
    void itCanBeMovedWhileItRuns_alsoToNeverAndIntoThePast_andNotAfterwards() {
        VirtualClock.run(() -> {
            Timeout[] kept = new Timeout[1];
            timeout(
                    ofSeconds(1),
                    timeout -> {
                        kept[0] = timeout;
                        timeout.reschedule(ofSeconds(10));
                        sleep(ofSeconds(9));
                        timeout.rescheduleAt(Long.MAX_VALUE);
                        sleep(ofDays(1));
                        assertThat(timeout.deadline()).isEqualTo(Long.MAX_VALUE);
                    });
            assertThatThrownBy(() -> kept[0].reschedule(ofSeconds(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("body has ended");
            assertThatThrownBy(() ->
                            timeout(
                                    ofDays(1),
                                    timeout -> {
                                        kept[0] = timeout;
                                        timeout.reschedule(ofSeconds(-1));
                                        sleep(ofHours(1));
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThatThrownBy(() -> kept[0].reschedule(ofSeconds(1)))
                    .hasMessageContaining("has fired");
        });
    }

    @Test
    void aValueThatArrivesInTheSamePass_losesToTheTimeout() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            currentLoop().callLater(ofSeconds(1), () -> promise.complete(1));
            assertThatThrownBy(() -> timeout(ofSeconds(1), promise::await))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(promise.result()).isEqualTo(1);
        });
    }

    @Test
    void aCheckedFailure_comesWrapped_andOutsideACoroutineItIsRefused() {
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                timeout(
                                        ofSeconds(1),
                                        () -> {
                                            throw new IOException("disk");
                                        }))
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(IOException.class));
        assertThatThrownBy(() -> timeout(ofSeconds(1), () -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only a coroutine can");
    }

    @Test
    void waitFor_withoutTime_neverBeginsACoroutine_givesWhatIsDone_andCancelsWhatRuns() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() -> waitFor(() -> trail.add("began"), ZERO))
                    .isInstanceOf(AsyncTimeoutException.class);
            Task<Integer> done = createTask(() -> 1);
            done.await();
            assertThat(waitFor(done, ZERO)).isEqualTo(1);
            Task<?> running = createTask(() -> slowlyCancelled());
            yieldNow();
            assertThatThrownBy(() -> waitFor(running, ofSeconds(-1)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(running.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    private void slowlyCancelled() {
        try {
            sleep(ofHours(1));
        } finally {
            sleep(ofSeconds(10));
            trail.add("cleaned up");
        }
    }

    @Test
    void waitFor_throwsOnlyWhenTheInnerTasksCleanUpHasEnded() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(this::slowlyCancelled);
            assertThatThrownBy(() -> waitFor(task, ofSeconds(1)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(now()).isEqualTo(11);
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void waitFor_ofATaskThatSwallows_givesItsValue_andOneThatFails_itsFailure() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<Integer> swallowing =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } catch (CancellationException e) {
                            trail.add("swallowed");
                        }
                        return 3;
                    });
            assertThat(waitFor(swallowing, ofSeconds(1))).isEqualTo(3);
            Task<?> failing =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            throw boom;
                        }
                    });
            assertThatThrownBy(() -> waitFor(failing, ofSeconds(1))).isSameAs(boom);
        });
    }

    @Test
    void waitFor_cancelledFromOutside_waitsForTheInnerCleanUpToo() {
        VirtualClock.run(() -> {
            Task<?> inner = createTask(this::slowlyCancelled);
            Task<?> outer = createTask(() -> waitFor(inner, ofHours(1)));
            sleep(ofSeconds(1));
            outer.cancel();
            assertThatThrownBy(outer::await).isInstanceOf(CancellationException.class);
            assertThat(inner.isDone()).isTrue();
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void waitFor_runsACoroutineInTheCurrentTask_andCancelsAPlainPromise() {
        VirtualClock.run(() -> {
            Task<?> current = currentTask();
            waitFor(() -> assertThat(currentTask()).isSameAs(current), ofSeconds(1));
            Promise<Integer> promise = currentLoop().newPromise();
            assertThatThrownBy(() -> waitFor(promise, ofSeconds(1)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(promise.isCancelled()).isTrue();
        });
    }

    @Test
    void waitFor_ofAShield_letsTheTaskGoOn() {
        VirtualClock.run(() -> {
            Task<Integer> task =
                    createTask(() -> {
                        sleep(ofSeconds(5));
                        return 1;
                    });
            assertThatThrownBy(() -> waitFor(shield(task), ofSeconds(1)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(task.await()).isEqualTo(1);
        });
    }

    @Test
    void orNull_isNullOnceTheTimeHasPassed_andOnlyByItsOwnTimeout() {
        VirtualClock.run(() -> {
            trail.add(timeoutOrNull(ofSeconds(1), () -> "in time"));
            trail.add(timeoutOrNull(ofSeconds(1), () -> sleepLong()));
            trail.add(now());
            assertThatThrownBy(() ->
                            timeoutOrNull(
                                    ofSeconds(9), () -> timeout(ofSeconds(1), this::sleepLong)))
                    .isInstanceOf(AsyncTimeoutException.class);
            Task<?> task = createTask(() -> timeoutOrNull(ofSeconds(9), this::sleepLong));
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("in time", null, 1L);
    }

    private String sleepLong() {
        sleep(ofHours(1));
        return "late";
    }
}
