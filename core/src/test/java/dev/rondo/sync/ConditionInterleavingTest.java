package dev.rondo.sync;

import static dev.rondo.sync.Interleavings.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

/** {@link AsyncCondition} in all orders of who waits, who signals and who holds the lock. */
class ConditionInterleavingTest {
    /** Items under a condition: two take one each, one brings two. */
    private static final class ItemsUnderACondition extends Program {
        private final AsyncCondition condition = new AsyncCondition();
        private int items;
        private int inside;

        ItemsUnderACondition(boolean timed) {
            actor("c", me -> consume(me, () -> condition.awaitUntil(() -> items > 0)));
            if (timed) {
                actor(
                        "t",
                        me ->
                                consume(
                                        me,
                                        () ->
                                                withinASecond(() ->
                                                        condition.awaitUntil(() -> items > 0))));
            } else {
                actor("c", me -> consume(me, () -> condition.awaitUntil(() -> items > 0)));
            }
            actor(
                    "p",
                    me -> {
                        for (int i = 0; i < 2; i++) {
                            me.step();
                            condition.with(() -> {
                                enter();
                                items++;
                                condition.signal();
                                inside--;
                            });
                        }
                    });
            actor(
                    "h",
                    me -> {
                        me.step();
                        condition.with(() -> {
                            enter();
                            try {
                                me.step();
                            } finally {
                                inside--;
                            }
                        });
                    });
        }

        private void enter() {
            inside++;
            require(inside == 1, "two hold the lock");
        }

        private void consume(Actor me, Action await) throws Exception {
            me.step();
            condition.with(() -> {
                try {
                    // One that comes by may get the lock, and the item, before one that was
                    // signalled.
                    among(me, "line", await);
                    items--;
                } finally {
                    // However the waiting ends, the lock is held.
                    enter();
                    inside--;
                }
            });
        }

        @Override
        void always() {
            require(items >= 0, "an item was taken twice");
        }

        @Override
        void atRest() {
            require(condition.isLocked() == (inside == 1), "nobody holds a lock that is not free");
            require(
                    condition.isLocked() || items == 0 || in("line").isEmpty(),
                    in("line") + " wait while there are " + items + " items");
        }

        @Override
        void atEnd() {
            require(
                    condition.toString().equals("AsyncCondition[AsyncLock[free]]"),
                    "not as it was: " + condition);
        }
    }

    @Test
    void condition() {
        report(
                "AsyncCondition",
                explore(() -> new ItemsUnderACondition(false), 1, 2, false)
                        + explore(() -> new ItemsUnderACondition(true), 1, 1, true)
                        + explore(() -> new ItemsUnderACondition(false), 2, 1, false));
    }
}
