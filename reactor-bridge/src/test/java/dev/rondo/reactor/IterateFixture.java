package dev.rondo.reactor;

import dev.rondo.Action;
import dev.rondo.testing.VirtualClock;

import reactor.core.publisher.Flux;

import java.util.*;

/** A coroutine that iterates, and a trail of what its publishers hear and lose. */
abstract class IterateFixture {
    final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    /** Runs it in a coroutine whose publishers tell the trail what they drop and discard. */
    void running(Action body) {
        VirtualClock.run(() -> FluxProbe.with(FluxProbe.recording(trail), body));
    }

    /** Writes down what is asked of it. */
    <T> Flux<T> traced(Flux<T> source) {
        return source.doOnRequest(n -> trail.add("request " + n))
                .doOnCancel(() -> trail.add("cancel"));
    }
}
