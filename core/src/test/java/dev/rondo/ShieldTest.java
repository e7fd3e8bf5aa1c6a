package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** shield, and the shielded scope. */
class ShieldTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void theCallerIsCancelledAtOnce_andTheTaskGoesOn() {
        VirtualClock.run(() -> {
            Task<Integer> task =
                    createTask(() -> {
                        sleep(ofSeconds(5));
                        return 1;
                    });
            Task<?> caller = createTask(() -> shield(task).await());
            yieldNow();
            caller.cancel();
            assertThatThrownBy(caller::await).isInstanceOf(CancellationException.class);
            assertThat(task.cancelling()).isZero();
            assertThat(task.await()).isEqualTo(1);
        });
    }

    @Test
    void theTaskIsCancelled_andTheCallerGetsIt_withNoRequest() {
        VirtualClock.run(() -> {
            Task<?> task = createTask(() -> sleep(ofHours(1)));
            Task<?> caller = createTask(() -> shield(task).await());
            yieldNow();
            task.cancel("why");
            assertThatThrownBy(caller::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("why");
            assertThat(caller.cancelling()).isZero();
        });
    }

    @Test
    void ofADoneTask_itIsThatTask_andResultsAndFailuresPass() {
        VirtualClock.run(() -> {
            Task<Integer> done = createTask(() -> 1);
            done.await();
            assertThat(shield(done)).isSameAs(done);
            assertThat(shield(() -> 2).await()).isEqualTo(2);
            RuntimeException boom = new RuntimeException();
            assertThatThrownBy(() ->
                            shield(
                                            () -> {
                                                throw boom;
                                            })
                                    .await())
                    .isSameAs(boom);
        });
    }

    @Test
    void gatherOverShields_cancelled_leavesTheTasksAlone() {
        VirtualClock.run(() -> {
            Task<Integer> task =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return 1;
                    });
            Task<?> gather = gather(shield(task), shield(task));
            gather.cancel();
            assertThatThrownBy(gather::await).isInstanceOf(CancellationException.class);
            assertThat(task.await()).isEqualTo(1);
        });
    }

    @Test
    void aShieldedScope_givesBackWhatItHasAcquired_andTheNextSuspensionThrows() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        String acquired =
                                shielded(
                                        ofSeconds(10),
                                        () -> {
                                            sleep(ofSeconds(1));
                                            return "connection";
                                        });
                        try {
                            trail.add("has the " + acquired);
                            sleep(ofSeconds(1));
                            trail.add("wrong");
                        } finally {
                            trail.add("closes the " + acquired);
                        }
                    });
            yieldNow();
            task.cancel("enough");
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("enough");
        });
        assertThat(trail).containsExactly("has the connection", "closes the connection");
    }

    @Test
    void whatFailsAfterItsShieldWasCancelled_isReported() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build()) {
            loop.run(() -> {
                Task<?> shield =
                        shield(() -> {
                            sleep(ofSeconds(1));
                            throw boom;
                        });
                yieldNow();
                shield.cancel();
                sleep(ofSeconds(2));
            });
        }
        assertThat(trail).containsExactly(boom);
    }

    @Test
    void atTheEndOfRun_shieldedTasksAreCancelledLikeAllOthers() {
        Task<?> task =
                VirtualClock.run(() -> {
                    Task<?> inner = createTask(() -> sleep(ofHours(1)));
                    shield(inner);
                    yieldNow();
                    return inner;
                });
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void aCancelOfAShieldedScope_isThrownByTheNextSuspensionAfterIt() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        shielded(
                                ofSeconds(10),
                                () -> {
                                    sleep(ofSeconds(5));
                                    trail.add("scope ended");
                                });
                        yieldNow();
                        trail.add("wrong");
                    });
            sleep(ofSeconds(1));
            task.cancel("why");
            task.cancel("again");
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("again");
            assertThat(currentLoop().time()).isEqualTo(ofSeconds(5).toNanos());
        });
        assertThat(trail).containsExactly("scope ended");
    }

    @Test
    void aCleanUpInAFinally_isLetFinish() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            shielded(
                                    ofSeconds(5),
                                    () -> {
                                        createTask(() -> sleep(ofSeconds(1))).await();
                                        trail.add("cleaned up");
                                    });
                        }
                    });
            yieldNow();
            task.cancel();
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void theBoundHolds_alsoAgainstItsOwnShield_andInnerTimeoutsWork() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() -> shielded(ofSeconds(2), () -> sleep(ofHours(1))))
                    .isInstanceOf(AsyncTimeoutException.class);
            shielded(
                    ofSeconds(9),
                    () ->
                            assertThatThrownBy(() -> timeout(ofSeconds(1), () -> sleep(ofHours(1))))
                                    .isInstanceOf(AsyncTimeoutException.class));
            assertThat(currentTask().cancelling()).isZero();
        });
    }

    @Test
    void aTimeoutAroundIt_firesAtTheNextSuspension_andLosesNoResult() {
        VirtualClock.run(() -> {
            Coroutine<String> acquire =
                    () ->
                            shielded(
                                    ofSeconds(9),
                                    () -> {
                                        sleep(ofSeconds(3));
                                        trail.add("whole");
                                        return "acquired";
                                    });
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () -> {
                                        trail.add(acquire.await());
                                        sleep(ofSeconds(1));
                                        trail.add("wrong");
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(timeout(ofSeconds(1), acquire)).isEqualTo("acquired");
            assertThat(currentTask().cancelling()).isZero();
            yieldNow();
        });
        assertThat(trail).containsExactly("whole", "acquired", "whole");
    }

    @Test
    void aScopeThatFails_failsWithThat_andTheCancelComesAtTheNextSuspension() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        try {
                            shielded(
                                    ofSeconds(9),
                                    () -> {
                                        sleep(ofSeconds(2));
                                        throw boom;
                                    });
                        } catch (RuntimeException e) {
                            trail.add(e);
                        }
                        yieldNow();
                        trail.add("wrong");
                    });
            sleep(ofSeconds(1));
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly(boom);
    }
}
