package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

/** A subscriber that throws. */
class FluxSubscriberTest extends FluxFixture {
    @Test
    void onNextThrows_emitThrowsTheSame_andNothingIsSignalledAnyMore() {
        RuntimeException broken = new RuntimeException("rule 2.13");
        VirtualClock.run(() -> {
            probe.onNext =
                    value -> {
                        throw broken;
                    };
            flux(
                            (Emitter<Integer> emitter) -> {
                                try {
                                    emitter.emit(1);
                                } catch (RuntimeException e) {
                                    trail.add(e == broken);
                                    trail.add(emitter.tryEmit(2));
                                    throw e;
                                }
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, false, "dropped " + broken);
    }

    @Test
    void anOperatorThatThrows_cancelsTheBody_andSurfacesDownstream() {
        VirtualClock.run(() -> {
            Flux<Integer> failing =
                    counting(5)
                            .map(value -> {
                                throw new IllegalArgumentException("map");
                            });
            assertThatThrownBy(() -> await(failing)).hasMessage("map");
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("emit 1", "emit 2");
    }
}
