package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Of two tasks that shared one asCompleted, the one that came away empty hung. */
class TwoReadersOfCompletionsTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void theSecondIsTold() {
        VirtualClock.run(() -> {
            Task<Integer> one =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return 1;
                    });
            Iterator<Task<Integer>> tasks = asCompleted(List.of(one)).iterator();
            List<Outcome<Task<Integer>>> both = gatherSettled(tasks::next, tasks::next).await();
            assertThat(both.get(0)).isEqualTo(new Outcome.Success<>(one));
            assertThat(((Outcome.Failure<?>) both.get(1)).exception())
                    .isInstanceOf(NoSuchElementException.class);
        });
    }
}
