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

/** A timeout inside one task's shield reached into the shield of the task it awaited. */
class ShieldsOfAnotherTaskTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void theChildsShieldHolds() {
        VirtualClock.run(() -> {
            Task<?> child =
                    createTask(() ->
                            shielded(
                                    ofSeconds(5),
                                    () -> {
                                        sleep(ofSeconds(3));
                                        trail.add("whole");
                                    }));
            assertThatThrownBy(() ->
                            shielded(
                                    ofSeconds(20),
                                    () -> timeout(ofSeconds(1), () -> gather(child).await())))
                    .isInstanceOf(AsyncTimeoutException.class);
        });
        assertThat(trail).containsExactly("whole");
    }
}
