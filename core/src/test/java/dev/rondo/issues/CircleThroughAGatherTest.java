package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A circle that went through a gather or a group was walked until the stack ended, or for ever. */
class CircleThroughAGatherTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aChildThatEndsItsAncestorAndWaitsForIt_isCancelledWithIt() {
        VirtualClock.run(() -> {
            List<Task<?>> session = new ArrayList<>();
            session.add(
                    createTask(() ->
                            gather(
                                            () -> {
                                                session.getFirst().cancel();
                                                awaiting("child", session.getFirst());
                                            },
                                            () -> sleep(ofHours(1)))
                                    .await()));
            ended(session.getFirst());
        });
        assertThat(trail).containsExactly("ended cancelled", "child cancelled");
    }

    @Test
    void aTaskThatWaitsForAllTasksAndItself_isEndedByItsTimeout() {
        VirtualClock.run(() -> {
            List<Task<?>> all = new ArrayList<>();
            Task<?> closer =
                    createTask(() -> {
                        try {
                            timeout(
                                    ofSeconds(1),
                                    () -> {
                                        gatherSettled(List.copyOf(all)).await();
                                    });
                        } catch (AsyncTimeoutException e) {
                            trail.add("timed out");
                        }
                    });
            all.add(closer);
            all.add(createTask(() -> sleep(ofHours(1))));
            closer.await();
            trail.add(closer.cancelling());
        });
        assertThat(trail).containsExactly("timed out", 0);
    }

    @Test
    void aRequestThatComesToATaskTwice_countsOnce() {
        VirtualClock.run(() -> {
            Task<?> shared = createTask(() -> sleep(ofHours(1)));
            Task<?> top =
                    gather(
                            gather(shared, shared),
                            createTask(() -> shared.await()),
                            gather(shared, createTask(() -> shared.await())));
            yieldNow();
            top.cancel();
            trail.add(shared.cancelling());
            ended(top);
        });
        assertThat(trail).containsExactly(1, "ended cancelled");
    }

    @Test
    void aChildThatAwaitsItsGroupsTask_isEndedByACancelOfEither() {
        for (boolean child : List.of(true, false)) {
            VirtualClock.run(() -> {
                List<Task<?>> tasks = new ArrayList<>();
                tasks.add(
                        createTask(() -> {
                            taskGroup(group -> {
                                tasks.add(
                                        group.createTask(() -> {
                                            awaiting("child", tasks.getFirst());
                                        }));
                            });
                        }));
                sleep(ofSeconds(1));
                tasks.get(child ? 1 : 0).cancel();
                ended(tasks.getFirst());
            });
        }
        assertThat(trail)
                .containsExactly(
                        "child cancelled", "ended cancelled", "child cancelled", "ended cancelled");
    }

    @Test
    void aChildThatBeginsToAwaitItInItsCleanUp_isEndedByTheNextCancel() {
        VirtualClock.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            tasks.add(
                    createTask(() -> {
                        taskGroup(group -> {
                            group.createTask(() -> {
                                try {
                                    sleep(ofHours(1));
                                } finally {
                                    awaiting("child", tasks.getFirst());
                                }
                            });
                        });
                    }));
            sleep(ofSeconds(1));
            tasks.getFirst().cancel();
            sleep(ofSeconds(1));
            trail.add("again");
            tasks.getFirst().cancel();
            ended(tasks.getFirst());
        });
        assertThat(trail).containsExactly("again", "child cancelled", "ended cancelled");
    }

    @Test
    void aTaskOfAnInnerGroup_orOneOutside_thatAwaitsTheOuterGroups_isEnded() {
        VirtualClock.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            tasks.add(
                    createTask(() -> {
                        taskGroup(outer -> {
                            outer.createTask(() -> {
                                taskGroup(inner -> {
                                    inner.createTask(() -> {
                                        awaiting("grandchild", tasks.getFirst());
                                    });
                                });
                            });
                            Task<?> outside =
                                    createTask(() -> awaiting("outside", tasks.getFirst()));
                            outer.createTask(() -> awaiting("child", outside));
                        });
                    }));
            sleep(ofSeconds(1));
            tasks.getFirst().cancel();
            ended(tasks.getFirst());
            trail.add(allTasks().size());
        });
        assertThat(trail)
                .containsExactlyInAnyOrder(
                        "grandchild cancelled",
                        "outside cancelled",
                        "child cancelled",
                        "ended cancelled",
                        1);
    }

    @Test
    void aCircleBelowAShield_isLeftByTheTaskThatHasNone() {
        VirtualClock.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            tasks.add(
                    createTask(() ->
                            shielded(() -> {
                                taskGroup(group -> {
                                    group.createTask(() -> awaiting("child", tasks.getFirst()));
                                });
                            })));
            sleep(ofSeconds(1));
            tasks.getFirst().cancel();
            ended(tasks.getFirst());
        });
        assertThat(trail).containsExactly("child cancelled", "ended cancelled");
    }

    @Test
    void theEndOfRun_endsThemAll() {
        VirtualClock.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            tasks.add(
                    createTask(() -> {
                        taskGroup(group -> {
                            group.createTask(() -> awaiting("child", tasks.getFirst()));
                        });
                    }));
            tasks.add(createTask(() -> gatherSettled(tasks.get(1)).await()));
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("child cancelled");
    }

    private void awaiting(String who, Task<?> task) {
        try {
            task.await();
            trail.add(who + " goes on");
        } catch (CancellationException e) {
            trail.add(who + " cancelled");
            throw e;
        }
    }

    /** Waits for a task that shall end cancelled. */
    private void ended(Task<?> task) {
        assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        trail.add("ended cancelled");
    }
}
