package dev.rondo.reactor;

import org.junit.jupiter.api.BeforeEach;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trail of what is awaited, and of what is dropped on the way. */
abstract class AwaitFixture extends DroppedFixture {
    final List<Object> trail = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watchHooks() {
        watchDropped();
    }
}
