package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A toString that throws ended the watchdog for the whole JVM. */
class FailingBlockerNameTest {

    private static final class Unnameable {
        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }

    @Test
    void theStallIsReported_andTheNextOneToo() {
        for (int i = 0; i < 2; i++) {
            try (LogRecorder log = new LogRecorder();
                    EventLoop loop = EventLoop.builder().watchdog(ofMillis(40)).build()) {
                Unnameable blocker = new Unnameable();
                loop.run(() -> {
                    while (log.messages().isEmpty()) {
                        java.util.concurrent.locks.LockSupport.parkNanos(blocker, 100_000_000);
                    }
                });
                assertThat(log.messages().getFirst()).contains("makes no progress");
            }
        }
    }
}
