package dev.rondo.sync;

import static dev.rondo.sync.Interleavings.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** {@link AsyncBarrier} in all orders of who arrives, and of a reset. */
class BarrierInterleavingTest {
    private static final class FourAtABarrier extends Program {
        private static final int PARTIES = 2;

        private final AsyncBarrier barrier = new AsyncBarrier(PARTIES);
        private final int[] given = new int[PARTIES];
        private boolean aborted;

        FourAtABarrier(boolean timed, boolean reset) {
            for (int i = 0; i < (reset ? 3 : 4); i++) {
                if (timed && i == 0) {
                    actor("t", me -> arrive(me, () -> withinASecond(() -> pass(me))));
                } else {
                    actor("a", me -> arrive(me, () -> pass(me)));
                }
            }
            if (reset) {
                actor(
                        "r",
                        me -> {
                            me.step();
                            aborted = true;
                            barrier.abort();
                            me.step();
                            barrier.reset();
                        });
            }
        }

        private void arrive(Actor me, Action pass) throws Exception {
            me.step();
            try {
                pass.run();
            } catch (AsyncBrokenBarrierException e) {
                require(aborted, "broken though nobody has broken it");
            }
        }

        private void pass(Actor me) throws Exception {
            among(
                    me,
                    "line",
                    () -> {
                        int place = barrier.await();
                        given[place]++;
                    });
        }

        @Override
        void always() {
            require(barrier.waiting() < PARTIES, "a full round waits");
        }

        @Override
        void atRest() {
            List<Actor> waiting = in("line");
            require(waiting.size() == barrier.waiting(), waiting + " wait at " + barrier);
            require(!barrier.isBroken() || waiting.isEmpty(), waiting + " wait at a broken one");
            // The last of a round is never cancelled at its await: it does not suspend.
            require(given[0] <= given[1], "a place was given twice: " + Arrays.toString(given));
        }

        @Override
        void atEnd() {
            require(barrier.waiting() == 0, "somebody is left behind: " + barrier);
        }
    }

    @Test
    void barrier() {
        report(
                "AsyncBarrier",
                explore(() -> new FourAtABarrier(false, false), 2, 3, false)
                        + explore(() -> new FourAtABarrier(true, false), 1, 3, true)
                        + explore(() -> new FourAtABarrier(false, true), 1, 3, false));
    }
}
