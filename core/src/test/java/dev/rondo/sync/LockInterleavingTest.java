package dev.rondo.sync;

import static dev.rondo.Async.*;
import static dev.rondo.sync.Interleavings.*;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.function.Supplier;

/** {@link AsyncLock} in all orders; a naive twin shows what that finds. */
class LockInterleavingTest {
    private interface Mutex {
        void acquire();

        void release();

        boolean isLocked();
    }

    private static Mutex mutex(AsyncLock lock) {
        return new Mutex() {
            @Override
            public void acquire() {
                lock.acquire();
            }

            @Override
            public void release() {
                lock.release();
            }

            @Override
            public boolean isLocked() {
                return lock.isLocked();
            }
        };
    }

    private static final class ThreeAtALock extends Program {
        private final Mutex lock;
        private int inside;

        ThreeAtALock(Mutex lock, boolean timed) {
            this.lock = lock;
            actor("a", me -> enter(me, lock::acquire));
            actor("a", me -> enter(me, lock::acquire));
            if (timed) {
                actor("t", me -> enter(me, () -> withinASecond(lock::acquire)));
            } else {
                actor("a", me -> enter(me, lock::acquire));
            }
        }

        private void enter(Actor me, Action acquire) throws Exception {
            me.step();
            inLine(me, "line", acquire);
            inside++;
            try {
                me.step();
            } finally {
                inside--;
                lock.release();
            }
        }

        @Override
        void always() {
            require(inside <= 1, inside + " hold the lock");
            require(inside == 0 || lock.isLocked(), "a lock that is held says it is free");
        }

        @Override
        void atRest() {
            require(lock.isLocked() == (inside == 1), "nobody holds a lock that is not free");
            require(lock.isLocked() || in("line").isEmpty(), in("line") + " wait for a free lock");
        }

        @Override
        void atEnd() {
            require(!lock.isLocked(), "the lock is not free");
        }
    }

    @Test
    void lock() {
        report(
                "AsyncLock",
                explore(() -> new ThreeAtALock(mutex(new AsyncLock()), false), 2, 3, false)
                        + explore(
                                () -> new ThreeAtALock(mutex(new AsyncLock()), true), 1, 2, true));
    }

    /** Wakes the first that waits and leaves the lock to whoever comes first. */
    private static final class NaiveLock implements Mutex {
        private final Deque<Promise<Integer>> waiting = new ArrayDeque<>();
        private boolean locked;

        @Override
        public void acquire() {
            while (locked) {
                Promise<Integer> woken = currentLoop().newPromise();
                waiting.add(woken);
                woken.await();
            }
            locked = true;
        }

        @Override
        public void release() {
            locked = false;
            for (Promise<Integer> next = waiting.poll(); next != null; next = waiting.poll()) {
                if (next.tryComplete(1)) {
                    return;
                }
            }
        }

        @Override
        public boolean isLocked() {
            return locked;
        }
    }

    @Test
    void aLockThatIsNotHandedOver_isOvertaken_andLosesAWakeupToACancel() {
        assertThatThrownBy(
                        () -> explore(() -> new ThreeAtALock(new NaiveLock(), false), 0, 3, false))
                .isInstanceOf(Violation.class)
                .hasStackTraceContaining("overtook");
        Supplier<Program> withoutOrder =
                () ->
                        new Program() {
                            private final NaiveLock lock = new NaiveLock();

                            {
                                for (int i = 0; i < 3; i++) {
                                    actor("a", this::enter);
                                }
                            }

                            private void enter(Actor me) {
                                me.step();
                                lock.acquire();
                                try {
                                    me.step();
                                } finally {
                                    lock.release();
                                }
                            }

                            @Override
                            void atRest() {
                                require(
                                        lock.isLocked() || lock.waiting.isEmpty(),
                                        "somebody waits for a free lock");
                            }

                            @Override
                            void atEnd() {}
                        };
        assertThatThrownBy(() -> explore(withoutOrder, 1, 3, false))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("cancel")
                .hasStackTraceContaining("somebody waits for a free lock");
    }
}
