package dev.rondo.sync;

import static dev.rondo.sync.Interleavings.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

/** {@link AsyncSemaphore} in all orders of who takes permits and who brings them. */
class SemaphoreInterleavingTest {
    private static final class FourAtASemaphore extends Program {
        private final AsyncSemaphore semaphore = AsyncSemaphore.bounded(2);
        private int inside;

        FourAtASemaphore(boolean timed) {
            for (int i = 0; i < 3; i++) {
                actor("a", me -> enter(me, semaphore::acquire));
            }
            if (timed) {
                actor("t", me -> enter(me, () -> withinASecond(semaphore::acquire)));
            } else {
                actor("a", me -> enter(me, semaphore::acquire));
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
                semaphore.release();
            }
        }

        @Override
        void always() {
            require(inside <= 2, inside + " have one of two permits");
            require(inside < 2 || semaphore.isLocked(), "no permit is left, and it is not locked");
        }

        @Override
        void atRest() {
            require(semaphore.isLocked() == (inside == 2), "a permit is lost or doubled");
            require(inside == 2 || in("line").isEmpty(), in("line") + " wait for a free permit");
        }

        @Override
        void atEnd() {
            require(semaphore.tryAcquire() && semaphore.tryAcquire(), "a permit is lost");
            require(!semaphore.tryAcquire(), "a permit is doubled");
        }
    }

    /** Two permits come in one turn, to those who wait and to whoever comes by. */
    private static final class TwoReleasesAtOnce extends Program {
        private final AsyncSemaphore semaphore = new AsyncSemaphore(0);
        private int left;

        TwoReleasesAtOnce() {
            for (int i = 0; i < 3; i++) {
                actor("a", this::take);
            }
            actor(
                    "r",
                    me -> {
                        me.step();
                        for (int i = 0; i < 2; i++) {
                            left++;
                            semaphore.release();
                        }
                        me.step();
                        left++;
                        semaphore.release();
                    });
        }

        private void take(Actor me) throws Exception {
            me.step();
            inLine(me, "line", () -> withinASecond(semaphore::acquire));
            left--;
        }

        @Override
        void always() {
            require(left >= 0, "a permit is doubled");
        }

        @Override
        void atRest() {
            require(left == 0 || in("line").isEmpty(), in("line") + " wait for a free permit");
            require(semaphore.isLocked() == (left == 0), "a permit is lost");
        }

        @Override
        void atEnd() {
            for (; left > 0; left--) {
                require(semaphore.tryAcquire(), "a permit is lost");
            }
            require(!semaphore.tryAcquire(), "a permit is doubled");
        }
    }

    @Test
    void semaphore() {
        report(
                "AsyncSemaphore",
                explore(() -> new FourAtASemaphore(false), 1, 1, false)
                        + explore(() -> new FourAtASemaphore(true), 0, 1, true)
                        + explore(TwoReleasesAtOnce::new, 1, 2, true));
    }
}
