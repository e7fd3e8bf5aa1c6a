package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** Task groups. */
class TaskGroupTest {
    private final List<Object> trail = new ArrayList<>();
    private final RuntimeException boom = new RuntimeException("boom");
    private final RuntimeException bang = new RuntimeException("bang");

    private void lingering(String name) {
        try {
            sleep(ofHours(1));
        } catch (CancellationException e) {
            trail.add(name + " cancelled");
            throw e;
        }
    }

    private static void failAfter(int seconds, RuntimeException failure) {
        sleep(ofSeconds(seconds));
        throw failure;
    }

    @Test
    void itWaitsForItsTasks_andGivesTheBodysResult() {
        VirtualClock.run(() -> {
            String result =
                    taskGroup(group -> {
                        group.createTask(() -> sleep(ofSeconds(2)));
                        group.createTask("named", () -> trail.add(currentTask().name()));
                        return "result";
                    });
            assertThat(result).isEqualTo("result");
            assertThat(currentLoop().time()).isEqualTo(ofSeconds(2).toNanos());
        });
        assertThat(trail).containsExactly("named");
    }

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

    private void slowToEnd(String name) {
        try {
            lingering(name);
        } finally {
            sleep(ofSeconds(3));
            trail.add(name + " ended");
        }
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

    @Test
    void whileItWaitsAtItsEnd_aChildMayMakeMore_butNotWhileItShutsDown_norWhenItHasEnded() {
        VirtualClock.run(() -> {
            TaskGroup[] kept = new TaskGroup[1];
            taskGroup(group -> {
                kept[0] = group;
                group.createTask(() -> {
                    sleep(ofSeconds(1));
                    group.createTask(() -> trail.add("late child"));
                });
            });
            assertThatThrownBy(() -> kept[0].createTask(() -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.createTask(() -> failAfter(1, boom));
                                try {
                                    lingering("body");
                                } finally {
                                    assertThatThrownBy(() -> group.createTask(() -> {}))
                                            .hasMessageContaining("shutting down");
                                }
                            }))
                    .isSameAs(boom);
        });
        assertThat(trail).containsExactly("late child", "body cancelled");
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

    @Test
    void start_waitsUntilTheTaskSaysItIsReady_andTheTaskGoesOn() {
        VirtualClock.run(() -> {
            taskGroup(group -> {
                int port =
                        group.<Integer>start(ready -> {
                            sleep(ofSeconds(1));
                            ready.ready(8080);
                            sleep(ofSeconds(1));
                            trail.add("went on");
                        });
                trail.add(port);
            });
        });
        assertThat(trail).containsExactly(8080, "went on");
    }

    @Test
    void start_ofATaskThatFailsBefore_throwsItHere_andTheGroupGoesOn() {
        VirtualClock.run(() ->
                taskGroup(group -> {
                    assertThatThrownBy(() ->
                                    group.start(ready -> {
                                        sleep(ofSeconds(1));
                                        throw boom;
                                    }))
                            .isSameAs(boom);
                    assertThatThrownBy(() -> group.start(ready -> {}))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("without saying that it is ready");
                    yieldNow();
                    trail.add("goes on");
                }));
        assertThat(trail).containsExactly("goes on");
    }

    @Test
    void start_aFailureAfterwardsIsTheGroups_andACancelBeforeEndsTheTask() {
        VirtualClock.run(() -> {
            assertThatThrownBy(() ->
                            taskGroup(group -> {
                                group.start(ready -> {
                                    ready.ready(null);
                                    failAfter(1, boom);
                                });
                                lingering("body");
                            }))
                    .isSameAs(boom);
            Task<?> parent =
                    createTask(() ->
                            taskGroup(group -> {
                                group.start(ready -> slowToEnd("starting"));
                            }));
            sleep(ofSeconds(1));
            parent.cancel();
            assertThatThrownBy(parent::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("body cancelled", "starting cancelled", "starting ended");
    }

    @Test
    void outsideACoroutine_orOnAnotherThread_itIsRefused() throws Exception {
        assertThatThrownBy(() -> taskGroup(group -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only a coroutine can");
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Async.run(() ->
                taskGroup(group -> {
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    group.createTask(() -> {});
                                } catch (IllegalStateException e) {
                                    thrown.complete(e);
                                }
                            });
                    await(thrown);
                }));
        assertThat(thrown.get()).hasMessageContaining("belongs to its loop's thread");
    }
}
