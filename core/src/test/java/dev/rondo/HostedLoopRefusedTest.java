package dev.rondo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.internal.fiber.FiberKind;

import org.junit.jupiter.api.Test;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Coroutines that are handed over have no thread that a host could lend. */
class HostedLoopRefusedTest {
    @Test
    void withoutMountedCoroutines_aHostIsRefused_andTheFlagIsNamed() {
        ScheduledExecutorService host = Executors.newSingleThreadScheduledExecutor();
        EventLoop.Builder builder = EventLoop.builder().host(host);
        if (FiberKind.chosen() == FiberKind.HANDOFF) {
            assertThatThrownBy(builder::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("--add-opens=java.base/java.lang");
        } else {
            try (EventLoop loop = builder.start()) {
                assertThat(loop.submit(() -> 1).join()).isEqualTo(1);
            }
        }
        host.shutdownNow();
    }
}
