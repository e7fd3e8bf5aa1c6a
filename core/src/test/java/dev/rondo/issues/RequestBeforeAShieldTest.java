package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A request made before a shield, and not delivered yet, was delivered inside of it. */
class RequestBeforeAShieldTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void itWaitsForTheShieldsEnd() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel();
                        shielded(
                                ofSeconds(5),
                                () -> {
                                    sleep(ofSeconds(1));
                                    trail.add("finished");
                                });
                    });
            gatherSettled(task).await();
            assertThat(task.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("finished");
    }
}
