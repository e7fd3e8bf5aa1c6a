package dev.rondo.reactor;

import org.junit.jupiter.api.AfterEach;

import reactor.core.publisher.Hooks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What nobody takes, as it is told to the hooks of the whole process while they are watched. */
abstract class DroppedFixture {
    final List<Object> dropped = new CopyOnWriteArrayList<>();

    void watchDropped() {
        Hooks.onErrorDropped(dropped::add);
        Hooks.onNextDropped(dropped::add);
    }

    @AfterEach
    void resetDropped() {
        Hooks.resetOnErrorDropped();
        Hooks.resetOnNextDropped();
    }
}
