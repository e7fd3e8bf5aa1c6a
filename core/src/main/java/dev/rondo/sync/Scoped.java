package dev.rondo.sync;

import dev.rondo.Action;
import dev.rondo.Coroutine;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** The body of a scoped form that gives nothing. */
final class Scoped {
    private Scoped() {}

    static Coroutine<@Nullable Object> of(Action body) {
        Objects.requireNonNull(body, "body");
        return () -> {
            body.run();
            return null;
        };
    }
}
