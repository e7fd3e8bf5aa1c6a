package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Timers at extreme times never ran, and one of the past turned virtual time back. */
class TimersOfThePastAndOfNeverTest {

    @Test
    void thePastRunsAtOnce_neverDoesNot_andTimeNeverRunsBackwards() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            sleep(ofSeconds(10));
            List<Long> ran = new ArrayList<>();
            loop.callAt(Long.MAX_VALUE, () -> ran.add(-1L));
            loop.callAt(loop.time() - ofSeconds(5).toNanos(), () -> ran.add(loop.time()));
            loop.callAt(Long.MIN_VALUE, () -> ran.add(loop.time()));
            sleep(ofSeconds(1));
            long ten = ofSeconds(10).toNanos();
            assertThat(ran).containsExactly(ten, ten);
        });
    }
}
