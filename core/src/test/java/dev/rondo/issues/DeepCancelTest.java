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

/** A cancel of what waits deeper than the stack is long ended the stack, and was lost. */
class DeepCancelTest {
    private static final int LEVELS = 100_000;

    @Test
    void allEdgesOverAndOver_allEnd() {
        VirtualClock.run(() -> {
            List<Task<?>> all = new ArrayList<>();
            Task<?> top = createTask(() -> sleep(ofDays(1)));
            for (int level = 0; level < LEVELS; level++) {
                all.add(top);
                top = around(top, level % 9);
            }
            sleep(ofSeconds(1));
            assertThat(top.cancel()).isTrue();
            assertThatThrownBy(top::await).isInstanceOf(CancellationException.class);
            gatherSettled(all).await();
        });
    }

    @Test
    void aTreeOfGroups_isAskedInTheSameCall() {
        List<String> trail = new ArrayList<>();
        VirtualClock.run(() -> {
            Task<?> top = createTask(() -> onCancel(() -> trail.add("asked"), this::forEver));
            for (int level = 0; level < LEVELS; level++) {
                Task<?> below = top;
                top =
                        createTask(() -> {
                            taskGroup(group -> {
                                group.createTask(() -> below.await());
                            });
                        });
            }
            sleep(ofSeconds(1));
            top.cancelTree("all");
            trail.add("cancelled");
            assertThatThrownBy(top::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("asked", "cancelled");
    }

    @Test
    void shieldsOfShields_endOneAfterTheOther_andHaveAName() {
        VirtualClock.run(() -> {
            Task<?> inner = createTask("inner", () -> sleep(ofDays(1)));
            Task<?> top = inner;
            for (int level = 0; level < LEVELS; level++) {
                top = shield((Awaitable<?>) top);
            }
            assertThat(top.name()).isEqualTo("shield of Task 'inner'");
            inner.cancel();
            assertThatThrownBy(top::await).isInstanceOf(CancellationException.class);
        });
    }

    private static Task<?> around(Task<?> inner, int edge) {
        return switch (edge) {
            case 0 -> createTask(() -> inner.await());
            case 1 -> createTask(() -> gather(inner).await());
            case 2 -> gather(inner);
            case 3 ->
                    createTask(() -> {
                        taskGroup(group -> {
                            group.createTask(() -> inner.await());
                        });
                    });
            case 4 -> createTask(() -> race(() -> inner.await()));
            case 5 -> currentLoop().newPromise(inner::cancel);
            case 6 -> createTask(() -> await(inner.toCompletableFuture()));
            case 7 -> createTask(() -> timeout(ofDays(2), () -> inner.await()));
            default ->
                    createTask(() -> {
                        try {
                            inner.await();
                        } finally {
                            shielded(() -> yieldNow());
                        }
                    });
        };
    }

    private void forEver() {
        sleep(ofDays(1));
    }
}
