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

/** Scopes inside a shield counted a request that the shield held back as one of theirs. */
class CancelHeldByAShieldTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aGroupThatFailsInside_neitherLosesItNorLetsItIn() {
        VirtualClock.run(() -> {
            Task<?> task =
                    cancelled(() -> {
                        shielded(
                                ofSeconds(10),
                                () -> {
                                    try {
                                        taskGroup(group -> {
                                            group.createTask(() -> failAfter(1));
                                            sleep(ofSeconds(5));
                                        });
                                    } catch (IllegalStateException e) {
                                        sleep(ofSeconds(1));
                                        trail.add("undisturbed inside");
                                    }
                                });
                        trail.add("until the next suspension");
                        yieldNow();
                        trail.add("wrong");
                    });
            assertThat(task.isCancelled()).isTrue();
            Task<?> other =
                    cancelled(() -> {
                        try {
                            shielded(
                                    ofSeconds(10),
                                    () ->
                                            taskGroup(group -> {
                                                group.createTask(() -> failAfter(1));
                                                sleep(ofSeconds(5));
                                            }));
                        } catch (IllegalStateException e) {
                            sleep(ofSeconds(100));
                            trail.add("wrong");
                        }
                    });
            assertThat(other.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("undisturbed inside", "until the next suspension");
    }

    @Test
    void timeoutsAndRacesInside_workAsEver() {
        VirtualClock.run(() -> {
            Task<?> task =
                    cancelled(() ->
                            shielded(
                                    ofSeconds(10),
                                    () -> {
                                        assertThatThrownBy(() ->
                                                        timeout(
                                                                ofSeconds(1),
                                                                () -> sleep(ofSeconds(5))))
                                                .isInstanceOf(AsyncTimeoutException.class);
                                        trail.add(
                                                race(
                                                        () -> {
                                                            sleep(ofSeconds(1));
                                                            return "winner";
                                                        },
                                                        () -> {
                                                            sleep(ofSeconds(9));
                                                            return "loser";
                                                        }));
                                    }));
            assertThat(task.isCancelled()).isTrue();
            Task<?> bounded = cancelled(() -> shielded(ofSeconds(1), () -> sleep(ofSeconds(5))));
            assertThat(bounded.exception()).isInstanceOf(AsyncTimeoutException.class);
        });
        assertThat(trail).containsExactly("winner");
    }
}
