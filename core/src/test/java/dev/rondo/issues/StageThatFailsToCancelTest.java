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

/** A stage whose cancel throws corrupted the task that awaited it. */
class StageThatFailsToCancelTest {

    @Test
    void theTaskIsCancelled_andWhatTheStageThrowsIsReported() {
        List<Throwable> reported = new ArrayList<>();
        RuntimeException boom = new RuntimeException("cannot be cancelled");
        CompletableFuture<Integer> stage =
                new CompletableFuture<>() {
                    @Override
                    public boolean cancel(boolean interrupt) {
                        throw boom;
                    }
                };
        try (EventLoop loop = EventLoop.builder().onError(reported::add).build()) {
            loop.run(() -> {
                Task<?> task =
                        createTask(() -> {
                            currentTask().cancel();
                            assertThatThrownBy(() -> await(stage))
                                    .isInstanceOf(CancellationException.class);
                            sleep(ofMillis(5));
                        });
                task.await();
            });
        }
        assertThat(reported).containsExactly(boom);
    }
}
