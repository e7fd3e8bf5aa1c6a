package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A race and a waitFor that took a cancellation for something else. */
class SmallCancelSlipsTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void anInterruptedRacer_isCancelled() {
        Async.run(() ->
                assertThatThrownBy(() ->
                                race(() -> {
                                    Thread.currentThread().interrupt();
                                    Thread.sleep(10_000);
                                    return 1;
                                }))
                        .isInstanceOf(CancellationException.class));
    }

    @Test
    void waitForOfACancelledTask_withoutTime_isItsCancellation() {
        VirtualClock.run(() -> {
            Task<Void> task = createTask(() -> sleep(ofHours(1)));
            yieldNow();
            task.cancel();
            gatherSettled(task).await();
            assertThatThrownBy(() -> waitFor(task, ZERO)).isInstanceOf(CancellationException.class);
        });
    }
}
