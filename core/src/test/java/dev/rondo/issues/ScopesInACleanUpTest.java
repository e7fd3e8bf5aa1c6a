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

/** Scopes in the clean-up of a cancelled task took the old request for their own. */
class ScopesInACleanUpTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aRaceAndACancelledGroup_endAsEver_andAFailedGroupCancelsNothingMore() {
        VirtualClock.run(() ->
                cancelled(() -> {
                    try {
                        sleep(ofSeconds(10));
                    } finally {
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
                        taskGroup(group -> {
                            group.createTask(() -> sleep(ofSeconds(1)));
                            group.cancel();
                        });
                        assertThatThrownBy(() ->
                                        taskGroup(group -> {
                                            group.createTask(() -> failAfter(1));
                                        }))
                                .hasMessage("boom");
                        sleep(ofSeconds(1));
                        trail.add("cleaned up");
                    }
                }));
        assertThat(trail).containsExactly("winner", "cleaned up");
    }

    @Test
    void aTimeoutThatWasHeldByAShield_leavesNothingBehind() {
        VirtualClock.run(() ->
                cancelled(() -> {
                    try {
                        sleep(ofSeconds(10));
                    } finally {
                        assertThatThrownBy(() ->
                                        timeout(
                                                ofSeconds(1),
                                                () -> shielded(ofSeconds(9), () -> failAfter(2))))
                                .hasMessage("boom");
                        sleep(ofSeconds(1));
                        trail.add("undisturbed");
                    }
                }));
        assertThat(trail).containsExactly("undisturbed");
    }
}
