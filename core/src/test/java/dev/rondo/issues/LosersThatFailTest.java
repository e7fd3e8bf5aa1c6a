package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Nobody heard of what failed in a race that another had won, or that was cancelled. */
class LosersThatFailTest {
    private final List<String> trail = new ArrayList<>();

    @Test
    void theErrorHandlerIsTold() {
        run(() ->
                trail.add(
                        race(
                                () -> {
                                    sleep(ofSeconds(1));
                                    return "winner";
                                },
                                () -> {
                                    throw new IllegalStateException("too early");
                                },
                                () -> failInCleanUp())));
        assertThat(trail).containsExactly("reported too early", "reported clean-up", "winner");
    }

    @Test
    void alsoIfTheRaceIsCancelled() {
        run(() -> {
            Task<?> racing = createTask(() -> race(() -> failInCleanUp(), () -> failInCleanUp()));
            sleep(ofSeconds(1));
            racing.cancel();
            assertThatThrownBy(racing::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("reported clean-up", "reported clean-up");
    }

    private void run(Action body) {
        Steps.run(body, e -> trail.add("reported " + e.getMessage()));
    }

    private static String failInCleanUp() {
        try {
            sleep(ofSeconds(5));
            return "loser";
        } finally {
            throw new IllegalStateException("clean-up");
        }
    }
}
