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

/** A clock that throws killed the loop and left everybody waiting. */
class FailingClockTest {

    @Test
    void whoeverWaitsIsToldAndTheLoopIsClosed() {
        FailingClock clock = new FailingClock();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        EventLoop loop = EventLoop.builder().clock(clock).onError(reported::add).build();
        assertThatThrownBy(() ->
                        loop.run(() -> {
                            loop.callLater(ofHours(1), () -> {});
                            clock.broken = true;
                            loop.newPromise().await();
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed and is closed")
                .hasRootCauseMessage("no time");
        assertThat(reported).isNotEmpty();
        assertThatThrownBy(() -> loop.submit(() -> {})).hasMessageContaining("is closed");
    }
}
