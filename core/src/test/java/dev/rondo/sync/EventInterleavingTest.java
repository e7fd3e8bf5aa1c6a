package dev.rondo.sync;

import static dev.rondo.Async.*;
import static dev.rondo.sync.Interleavings.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** {@link AsyncEvent} in all orders of who waits and who sets it. */
class EventInterleavingTest {
    private static final class ThreeAtAnEvent extends Program {
        private final AsyncEvent event = new AsyncEvent();
        private final Set<Actor> promised = new HashSet<>();

        ThreeAtAnEvent() {
            actor("w", me -> waitFor(me, event::await));
            actor("w", me -> waitFor(me, event::await));
            actor("t", me -> waitFor(me, () -> withinASecond(event::await)));
            actor(
                    "s",
                    me -> {
                        me.step();
                        set();
                        event.clear();
                        me.step();
                        set();
                    });
        }

        private void set() {
            promised.addAll(in("line"));
            event.set();
        }

        private void waitFor(Actor me, Action await) throws Exception {
            me.step();
            boolean passes = event.isSet();
            if (passes) {
                // It runs before those who were woken and have yet to run: that is no overtaking.
                await.run();
            } else {
                try {
                    inLine(me, "line", await);
                } finally {
                    promised.remove(me);
                }
            }
        }

        @Override
        void atRest() {
            require(promised.isEmpty(), promised + " were there when it was set, and wait still");
            require(!event.isSet() || in("line").isEmpty(), in("line") + " wait though it is set");
        }

        @Override
        void atEnd() {
            require(event.toString().endsWith("set]"), "somebody is left behind: " + event);
        }
    }

    @Test
    void event() {
        report("AsyncEvent", explore(ThreeAtAnEvent::new, 1, 2, true));
    }
}
