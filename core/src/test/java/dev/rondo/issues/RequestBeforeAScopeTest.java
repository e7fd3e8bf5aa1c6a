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

/** A scope took a request that had not been delivered when it began for an old one, and ate it. */
class RequestBeforeAScopeTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aGroupThatFails_tellsOfItAfterwards() {
        VirtualClock.run(() -> {
            Task<?> task =
                    cancelled(() -> {
                        failing(() -> sleep(ofSeconds(5)));
                        failing(() -> sleep(ofSeconds(5)));
                        trail.add("until here");
                        sleep(ofSeconds(1));
                        trail.add("wrong");
                    });
            trail.add(task.isCancelled());
        });
        assertThat(trail).containsExactly("failed", "failed", "until here", true);
    }

    @Test
    void aTimeoutThatFiresAtTheSameTime_givesItPrecedence() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel();
                        timeout(ZERO, () -> sleep(ofSeconds(1)));
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void oneThatAShieldHasHeld_isToldAfterAGroupThatFails() {
        VirtualClock.run(() -> {
            Task<?> task =
                    cancelled(() -> {
                        shielded(() -> sleep(ofSeconds(5)));
                        failing(() -> sleep(ofSeconds(5)));
                        trail.add("until here");
                        sleep(ofSeconds(1));
                        trail.add("wrong");
                    });
            trail.add(task.isCancelled());
        });
        assertThat(trail).containsExactly("failed", "until here", true);
    }

    private void failing(Action body) {
        try {
            taskGroup(group -> {
                group.createTask(() -> {
                    try {
                        sleep(ofSeconds(5));
                    } finally {
                        throw new IllegalArgumentException("down");
                    }
                });
                yieldNow();
                body.run();
            });
        } catch (IllegalArgumentException e) {
            trail.add("failed");
        }
    }
}
