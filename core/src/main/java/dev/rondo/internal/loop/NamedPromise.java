package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A promise that says what is waited for. */
final class NamedPromise<T extends @Nullable Object> extends LoopPromise<T> {
    private final String name;

    NamedPromise(LoopCore loop, String name) {
        super(loop);
        this.name = name;
    }

    @Override
    boolean isNamed() {
        return true;
    }

    @Override
    String label() {
        return name;
    }
}
