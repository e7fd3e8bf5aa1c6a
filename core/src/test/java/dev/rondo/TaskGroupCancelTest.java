package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A task group that is cancelled: with its parent, by a timeout, or by itself. */
class TaskGroupCancelTest extends GroupTrail {
    @Test
    void theParentIsCancelledFromOutside_childrenAreCancelledAndAwaited_andItIsPlain() {
        VirtualClock.run(() -> {
            Task<?> parent =
                    createTask(() ->
                            taskGroup(group -> {
                                group.createTask(() -> slowToEnd("child"));
                                lingering("body");
                            }));
            sleep(ofSeconds(1));
            parent.cancel("outside");
            assertThatThrownBy(parent::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("outside");
            assertThat(parent.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("body cancelled", "child cancelled", "child ended");
    }

    @Test
    void theParentIsCancelled_andAChildFailsInItsCleanUp_theFailureComesOut() {
        VirtualClock.run(() -> {
            Task<?> parent =
                    createTask(() ->
                            taskGroup(group -> {
                                group.createTask(() -> {
                                    try {
                                        lingering("child");
                                    } finally {
                                        throw boom;
                                    }
                                });
                            }));
            sleep(ofSeconds(1));
            parent.cancel();
            assertThatThrownBy(parent::await).isSameAs(boom);
        });
    }

    @Test
    void aCancelFromOutsideAndAFailureAtOnce_theFailureComesOut_andTheNextSuspensionIsCancelled() {
        VirtualClock.run(() -> {
            Promise<Void> failNow = currentLoop().newPromise();
            Task<?> parent =
                    createTask(() -> {
                        try {
                            taskGroup(group -> {
                                group.createTask(() -> {
                                    failNow.await();
                                    throw boom;
                                });
                                lingering("body");
                            });
                        } catch (RuntimeException e) {
                            trail.add(e);
                            trail.add(currentTask().cancelling());
                        }
                        yieldNow();
                        trail.add("wrong");
                    });
            sleep(ofSeconds(1));
            failNow.complete(null);
            yieldNow();
            parent.cancel();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).contains(boom, 1).doesNotContain("wrong");
    }

    @Test
    void theParentIsCancelledTwiceWhileItWaits_itWaitsAllTheSame_andChildrenAreAskedOnce() {
        VirtualClock.run(() -> {
            Task<?>[] child = new Task<?>[1];
            Task<?> parent =
                    createTask(() ->
                            taskGroup(group -> {
                                child[0] = group.createTask(() -> slowToEnd("child"));
                            }));
            sleep(ofSeconds(1));
            parent.cancel();
            sleep(ofSeconds(1));
            parent.cancel();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
            assertThat(child[0].cancelling()).isEqualTo(1);
        });
        assertThat(trail).containsExactly("child cancelled", "child ended");
    }

    @Test
    void aTimeoutAroundIt_isATimeout_andOneInsideIsTheGroupsFailure() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            timeout(
                                    ofSeconds(1),
                                    () ->
                                            taskGroup(group -> {
                                                group.createTask(() -> lingering("child"));
                                            })))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> lingering("other"));
                                timeout(ofSeconds(1), () -> sleep(ofHours(1)));
                            }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(currentTask().cancelling()).isZero();
        });
        assertThat(trail).containsExactly("child cancelled", "other cancelled");
    }

    @Test
    void cancel_endsItWithoutAFailure_fromTheBodyAChildOrACallback() {
        VirtualClock.run(() -> {
            for (String who : List.of("body", "child", "callback")) {
                String result =
                        taskGroup(group -> {
                            group.createTask(() -> lingering(who + "'s sibling"));
                            yieldNow();
                            switch (who) {
                                case "body" -> group.cancel();
                                case "child" -> group.createTask(group::cancel);
                                default -> currentLoop().callSoon(group::cancel);
                            }
                            sleep(ofHours(1));
                            return "wrong";
                        });
                assertThat(result).isNull();
                assertThat(currentTask().cancelling()).isZero();
            }
            taskGroup(TaskGroup::cancel);
            yieldNow();
        });
        assertThat(trail)
                .containsExactly(
                        "body's sibling cancelled",
                        "child's sibling cancelled",
                        "callback's sibling cancelled");
    }

    @Test
    void aCancelFromOutsideWhileACancelledGroupCloses_isNotLost() {
        VirtualClock.run(() -> {
            Task<?> parent =
                    createTask(() -> {
                        taskGroup(group -> {
                            group.createTask(() -> slowToEnd("child"));
                            yieldNow();
                            group.cancel();
                        });
                        yieldNow();
                        trail.add("wrong");
                    });
            sleep(ofSeconds(1));
            parent.cancel();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("child cancelled", "child ended");
    }
}
