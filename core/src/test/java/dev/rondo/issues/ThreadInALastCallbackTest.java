package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A done-callback that used toThread while the loop closed made close hang. */
class ThreadInALastCallbackTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void itIsRefused_andTheLoopCloses() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        EventLoop loop = EventLoop.builder().onError(reported::add).build();
        Task<?> task = loop.submit(() -> sleep(ofHours(1)));
        task.onDone(done -> toThread(() -> trail.add("flushed")));
        loop.close();
        assertThat(trail).isEmpty();
        assertThat(reported)
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("is closed");
    }
}
