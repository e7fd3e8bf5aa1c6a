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

/** An interrupt in a coroutine awaited in place was a failure, not a cancellation. */
class InterruptInAnAwaitedCoroutineTest {

    @Test
    void theTaskIsCancelled() {
        Async.run(() -> {
            Coroutine<Integer> inner =
                    () -> {
                        Thread.sleep(10_000);
                        return 1;
                    };
            Task<?> task =
                    createTask(() -> {
                        Thread.currentThread().interrupt();
                        inner.await();
                    });
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            assertThat(task.isCancelled()).isTrue();
            assertThat(task.cancelling()).isEqualTo(1);
        });
    }
}
