package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.*;

import reactor.core.publisher.Flux;

import java.util.List;

/** A subscriber that asks for nothing of itself, and a body that counts. */
abstract class FluxFixture {
    final FluxProbe<Integer> probe = new FluxProbe<>(0);
    final List<Object> trail = probe.trail;

    /** Emits 1 to the last, and writes down that it does. */
    Flux<Integer> counting(int last) {
        return flux(emitter -> {
            for (int i = 1; i <= last; i++) {
                trail.add("emit " + i);
                emitter.emit(i);
            }
            trail.add("body ends");
        });
    }
}
