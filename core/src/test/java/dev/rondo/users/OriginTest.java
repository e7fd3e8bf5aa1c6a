package dev.rondo.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

/** What debug mode tells of a failure: the user's line that made the callback or the task. */
class OriginTest {
    @Test
    void aCallbacksFailure_saysWhereItWasScheduled() {
        try (LogRecorder log = new LogRecorder();
                EventLoop loop = EventLoop.builder().debug(true).build()) {
            loop.run(() -> {
                loop.callSoon(() -> {
                    throw new RuntimeException("boom");
                });
                Async.yieldNow();
            });
            assertThat(log.messages().getFirst())
                    .contains("scheduled here:\n\tat dev.rondo.users.OriginTest")
                    .doesNotContain("at dev.rondo.Callback");
        }
    }

    @Test
    void anUnseenFailure_saysWhereItsTaskWasCreated() {
        try (LogRecorder log = new LogRecorder()) {
            try (EventLoop loop = EventLoop.builder().debug(true).build()) {
                loop.run(() -> {
                    Async.createTask(
                            "lost",
                            () -> {
                                throw new RuntimeException("boom");
                            });
                    Async.yieldNow();
                });
            }
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("Task 'lost' failed and nobody looked at its failure")
                    .contains("created here:\n\tat dev.rondo.users.OriginTest");
        }
    }
}
