package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Two tasks that await each other made the end of run fail instead of cancelling them. */
class AwaitCircleAtTheEndOfRunTest {

    @Test
    void theyAreCancelled_andTheResultStands() {
        String result =
                VirtualClock.run(() -> {
                    List<Task<Object>> pair = new ArrayList<>();
                    pair.add(createTask(() -> pair.get(1).await()));
                    pair.add(createTask(() -> pair.get(0).await()));
                    sleep(ofMillis(50));
                    return "main's result";
                });
        assertThat(result).isEqualTo("main's result");
    }
}
