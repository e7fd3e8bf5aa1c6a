package dev.rondo.reactor;

import static dev.rondo.Async.yieldNow;
import static dev.rondo.reactor.ReactorBridge.forEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.CompletionException;

/** The body of forEach may throw what it likes, as every other body. */
class ForEachThatThrowsTest {
    private final List<Object> trail = new ArrayList<>();

    private void failAtTwo(int value, Exception failure) throws Exception {
        yieldNow();
        trail.add(value);
        if (value == 2) {
            throw failure;
        }
    }

    @Test
    void aCheckedFailure_comesWrapped_anUncheckedOneAsItIs_andTheSubscriptionEnds() {
        IOException checked = new IOException("disk");
        RuntimeException unchecked = new IllegalArgumentException("number");
        Flux<Integer> source =
                Flux.range(1, 5).concatWith(Flux.never()).doOnCancel(() -> trail.add("cancelled"));
        VirtualClock.run(() -> {
            assertThatThrownBy(() -> forEach(source, value -> failAtTwo(value, checked)))
                    .isInstanceOf(CompletionException.class)
                    .hasCause(checked);
            assertThatThrownBy(() -> forEach(source, value -> failAtTwo(value, unchecked)))
                    .isSameAs(unchecked);
        });
        assertThat(trail).containsExactly(1, 2, "cancelled", 1, 2, "cancelled");
    }
}
