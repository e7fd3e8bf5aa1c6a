package dev.rondo.issues;

import static dev.rondo.Async.*;
import static dev.rondo.issues.Steps.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Races between a task that starts, the one that waits for it, and its group. */
class StartOfAGroupsTaskTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aSiblingsFailure_cancelsTheStartingTaskOnce() {
        VirtualClock.run(() ->
                assertThatThrownBy(() ->
                                taskGroup(group -> {
                                    group.createTask(() -> failAfter(1));
                                    group.start(ready -> {
                                        try {
                                            sleep(ofSeconds(50));
                                        } finally {
                                            sleep(ofSeconds(1));
                                            trail.add("cleaned up");
                                        }
                                    });
                                }))
                        .hasMessage("boom"));
        assertThat(trail).containsExactly("cleaned up");
    }

    @Test
    void aCleanUpThatFailsAfterStartWasCancelled_isTheGroupsFailure() {
        VirtualClock.run(() -> {
            Task<?> task =
                    cancelled(() ->
                            taskGroup(group -> {
                                group.start(ready -> {
                                    try {
                                        sleep(ofSeconds(50));
                                    } finally {
                                        failAfter(1);
                                    }
                                });
                            }));
            assertThat(task.exception()).hasMessage("boom");
        });
    }

    @Test
    void cancelledInThePassInWhichTheTaskIsReady_theTaskIsCancelledToo() {
        VirtualClock.run(() -> {
            Task<?> starter =
                    createTask(() ->
                            taskGroup(group -> {
                                Task<?> self = currentTask();
                                group.<Integer>start(ready -> {
                                    ready.ready(1);
                                    self.cancel();
                                    sleep(ofDays(1000));
                                });
                            }));
            gatherSettled(starter).await();
            assertThat(starter.isCancelled()).isTrue();
            assertThat(currentLoop().time()).isLessThan(ofDays(1).toNanos());
        });
    }

    @Test
    void readyAfterStartWasCancelled_isNoErrorOfTheTask() {
        VirtualClock.run(() ->
                cancelled(() ->
                        taskGroup(group -> {
                            group.<Integer>start(ready -> {
                                try {
                                    sleep(ofSeconds(50));
                                } catch (CancellationException e) {
                                    ready.ready(1);
                                    trail.add("no error");
                                    throw e;
                                }
                            });
                        })));
        assertThat(trail).containsExactly("no error");
    }

    @Test
    void aStartingTaskThatWaitsForASiblingInItsCleanUp_doesNotHoldUpTheSiblingsCancel() {
        VirtualClock.run(() -> {
            cancelled(() ->
                    taskGroup(group -> {
                        Task<Void> sibling = group.createTask(() -> sleep(ofDays(9)));
                        group.start(ready -> {
                            try {
                                sleep(ofSeconds(50));
                            } finally {
                                waitAll(List.of(sibling));
                            }
                        });
                    }));
            assertThat(currentLoop().time()).isLessThan(ofDays(1).toNanos());
        });
    }
}
