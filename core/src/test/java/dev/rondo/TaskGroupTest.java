package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.concurrent.*;

/** What a task group waits for, when it takes tasks, and {@code start}. */
class TaskGroupTest extends GroupTrail {
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
