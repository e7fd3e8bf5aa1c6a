package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.*;

/** A task group in which a task or the body fails. */
class TaskGroupFailureTest extends GroupTrail {
    @Test
    void aChildFails_siblingsAndBodyAreCancelled_allAreAwaited_andTheFailureComesOut() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> lingering("sibling"));
                                group.createTask(() -> failAfter(1, boom));
                                lingering("body");
                            }))
                    .isSameAs(boom)
                    .hasNoSuppressedExceptions();
            assertThat(currentTask().cancelling()).isZero();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactlyInAnyOrder("sibling cancelled", "body cancelled");
    }

    @Test
    void aChildFailsWhileTheBodyRuns_theCancelComesAtTheBodysNextSuspension() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> {
                                    throw boom;
                                });
                                yieldNow();
                                trail.add("one pass later");
                                yieldNow();
                                trail.add("wrong");
                            }))
                    .isSameAs(boom);
        });
        assertThat(trail).containsExactly("one pass later");
    }

    @Test
    void theBodyFails_childrenAreCancelled_andTheirFailuresComeFirst() {
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                taskGroup((TaskGroup group) -> {
                                    group.createTask(() -> {
                                        try {
                                            lingering("child");
                                        } finally {
                                            throw bang;
                                        }
                                    });
                                    yieldNow();
                                    throw boom;
                                }))
                        .isSameAs(bang)
                        .hasSuppressedException(boom));
    }

    @Test
    void theBodyFailsRightAfterCreateTask_theChildNeverBegins() {
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                taskGroup((TaskGroup group) -> {
                                    group.createTask(() -> trail.add("began"));
                                    throw boom;
                                }))
                        .isSameAs(boom));
        assertThat(trail).isEmpty();
    }

    @Test
    void theBodyAwaitsTheFailingChild_theFailureComesOnce_alsoACheckedOne() {
        IOException disk = new IOException("disk");
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> failAfter(1, boom)).await();
                            }))
                    .isSameAs(boom)
                    .hasNoSuppressedExceptions();
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(
                                                () -> {
                                                    throw disk;
                                                })
                                        .await();
                            }))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isSameAs(disk)
                    .hasNoSuppressedExceptions();
        });
    }

    @Test
    void severalFail_theFirstComesOutWithTheOthersInOrder() {
        RuntimeException late = new RuntimeException("late");
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                taskGroup(group -> {
                                    group.createTask(() -> failAfter(1, boom));
                                    group.createTask(() -> failAfter(1, bang));
                                    group.createTask(() -> {
                                        try {
                                            lingering("third");
                                        } finally {
                                            failAfter(1, late);
                                        }
                                    });
                                }))
                        .isSameAs(boom)
                        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(bang, late)));
    }

    @Test
    void aChildCancelledAlone_isNoFailure() {
        VirtualClock.run(() ->
                taskGroup(group -> {
                    Task<?> victim = group.createTask(() -> lingering("victim"));
                    group.createTask(() -> {
                        throw new CancellationException("own");
                    });
                    yieldNow();
                    victim.cancel();
                    sleep(ofSeconds(1));
                    trail.add("goes on");
                }));
        assertThat(trail).containsExactly("victim cancelled", "goes on");
    }

    @Test
    void theBodySwallowsTheGroupsCancel_thereIsNoSecond_andTheFailureComesAtTheEnd() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> failAfter(1, boom));
                                try {
                                    lingering("body");
                                } catch (CancellationException e) {
                                    sleep(ofSeconds(5));
                                    trail.add("went on");
                                }
                            }))
                    .isSameAs(boom);
            assertThat(currentTask().cancelling()).isZero();
            yieldNow();
        });
        assertThat(trail).containsExactly("body cancelled", "went on");
    }

    @Test
    void aChildThatSwallowsTheCancel_isWaitedFor_andItsValueCanBeRead() {
        VirtualClock.run(() -> {
            Task<?>[] child = new Task<?>[1];
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                child[0] =
                                        group.createTask(() -> {
                                            try {
                                                lingering("child");
                                            } catch (CancellationException e) {
                                                sleep(ofSeconds(2));
                                            }
                                            return 5;
                                        });
                                group.createTask(() -> failAfter(1, boom));
                            }))
                    .isSameAs(boom);
            assertThat(child[0].result()).isEqualTo(5);
        });
    }

    @Test
    void anOuterChildFailsWhileAnInnerGroupWaits_innerChildrenAreCancelled_andOnlyTheOuterFails() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(outer -> {
                                outer.createTask(() -> failAfter(1, boom));
                                try {
                                    taskGroup(inner -> {
                                        inner.createTask(() -> lingering("inner"));
                                    });
                                } catch (CancellationException e) {
                                    trail.add("inner group cancelled");
                                    throw e;
                                }
                            }))
                    .isSameAs(boom)
                    .hasNoSuppressedExceptions();
            assertThat(currentTask().cancelling()).isZero();
        });
        assertThat(trail).containsExactly("inner cancelled", "inner group cancelled");
    }

    @Test
    void bothGroupsFailInOnePass_theInnerFailureComes_andTheOuterBodyIsStillCancelled() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(outer -> {
                                outer.createTask(() -> failAfter(1, boom));
                                try {
                                    taskGroup(inner -> {
                                        inner.createTask(() -> failAfter(1, bang));
                                        lingering("inner body");
                                    });
                                } catch (RuntimeException e) {
                                    trail.add(e.getMessage());
                                }
                                yieldNow();
                                trail.add("wrong");
                            }))
                    .isSameAs(boom);
            assertThat(currentTask().cancelling()).isZero();
        });
        assertThat(trail).containsExactly("inner body cancelled", "bang");
    }
}
