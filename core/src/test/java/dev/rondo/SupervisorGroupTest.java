package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.CancellationException;

/** supervisorGroup: a failure is that task's alone. */
class SupervisorGroupTest extends Trail {
    private static void run(Action main, List<Object> reported) {
        try (EventLoop loop =
                EventLoop.builder()
                        .clock(new VirtualClock())
                        .onFailure(failure -> reported.add(failure.failure().getMessage()))
                        .build()) {
            loop.run(main);
        }
    }

    @Test
    void aFailure_leavesTheOthersAndTheBodyAlone_andIsToldToWhoAwaits() {
        run(
                () -> {
                    int result =
                            supervisorGroup(group -> {
                                Task<Void> failing =
                                        group.createTask(() -> {
                                            sleep(ofSeconds(1));
                                            throw new IllegalArgumentException("of one");
                                        });
                                group.createTask(() -> {
                                    sleep(ofSeconds(3));
                                    trail.add("sibling");
                                });
                                assertThatThrownBy(failing::await).hasMessage("of one");
                                group.createTask(() -> trail.add("later"));
                                sleep(ofSeconds(1));
                                trail.add("body");
                                return 7;
                            });
                    trail.add(result);
                },
                trail);
        assertThat(trail).containsExactly("later", "body", "sibling", 7);
    }

    @Test
    void oneThatNobodyLooksAt_goesToTheErrorHandler() {
        run(
                () -> {
                    supervisorGroup(group -> {
                        group.createTask(() -> {
                            throw new IllegalArgumentException("of one");
                        });
                        group.createTask(() -> trail.add("sibling"));
                    });
                    trail.add("group ended");
                },
                trail);
        assertThat(trail).containsExactly("sibling", "group ended", "of one");
    }

    @Test
    void theBodysFailure_andACancel_endAll() {
        VirtualClock.run(() -> {
            AsyncConsumer<TaskGroup> failing =
                    group -> {
                        group.createTask(() -> sleeping("of a failed body"));
                        yieldNow();
                        throw new IllegalStateException("body");
                    };
            assertThatThrownBy(() -> supervisorGroup(failing)).hasMessage("body");
            Task<Void> task =
                    createTask(() -> {
                        supervisorGroup(group -> {
                            group.createTask(() -> sleeping("of a cancelled one"));
                        });
                    });
            sleep(ofSeconds(1));
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("of a failed body", "of a cancelled one");
    }

    @Test
    void aStartThatFails_throws_andIsTheGroupsNeitherBeforeNorAfterItIsReady() {
        run(
                () -> {
                    supervisorGroup(group -> {
                        AsyncConsumer<TaskGroup.Ready<Integer>> unready =
                                ready -> {
                                    throw new IllegalArgumentException("before");
                                };
                        assertThatThrownBy(() -> group.start(unready)).hasMessage("before");
                        trail.add(
                                group.<Integer>start(ready -> {
                                    ready.ready(1);
                                    throw new IllegalArgumentException("after");
                                }));
                        sleep(ofSeconds(1));
                        trail.add("body goes on");
                    });
                },
                trail);
        assertThat(trail).containsExactly(1, "body goes on", "after");
    }
}
