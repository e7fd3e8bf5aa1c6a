package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A chain of awaiting tasks longer than the stack killed the loop when it was cancelled. */
class DeepAwaitChainAtCloseTest {

    private static Object nest(int depth) {
        if (depth > 0) {
            return createTask(() -> nest(depth - 1)).await();
        }
        sleep(ofDays(1));
        return null;
    }

    @Test
    void itIsCancelledAtTheEndOfRun() {
        Task<Object> outermost =
                VirtualClock.run(() -> {
                    Task<Object> task = createTask(() -> nest(10_000));
                    sleep(ofMillis(1));
                    return task;
                });
        assertThat(outermost.isCancelled()).isTrue();
    }
}
