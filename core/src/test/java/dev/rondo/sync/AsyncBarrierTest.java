package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

class AsyncBarrierTest {
    private final List<Object> trail = new ArrayList<>();

    private Task<Void> arriving(AsyncBarrier barrier, String name) {
        return createTask(
                name,
                () -> {
                    try {
                        trail.add(name + barrier.await());
                    } catch (AsyncBrokenBarrierException e) {
                        trail.add(name + " broken");
                    }
                });
    }

    @Test
    void theLastGoesOnWithoutSuspending_thenTheOthersInTheOrderTheyCame() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(3);
            arriving(barrier, "a");
            arriving(barrier, "b");
            yieldNow();
            trail.add("last" + barrier.await());
            assertThat(barrier.waiting()).isZero();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("last2", "a0", "b1");
    }

    @Test
    void oneThatIsCancelledWhileItFills_leavesItsPlace_andEachPlaceIsGivenOnce() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(3);
            Task<?> a = arriving(barrier, "a");
            arriving(barrier, "b");
            yieldNow();
            a.cancel();
            assertThat(barrier.waiting()).isEqualTo(1);
            arriving(barrier, "c");
            arriving(barrier, "d");
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("d2", "b0", "c1");
    }

    @Test
    void whoComesWhileARoundGoesOn_belongsToTheNext() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(2);
            arriving(barrier, "a");
            yieldNow();
            barrier.await();
            arriving(barrier, "c");
            arriving(barrier, "d");
            sleep(ofSeconds(1));
            assertThat(barrier.waiting()).isZero();
        });
        assertThat(trail).containsExactly("a0", "d1", "c0");
    }

    @Test
    void reset_breaksForThoseWhoWait_andItIsUsableAgain() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(2);
            arriving(barrier, "a");
            yieldNow();
            barrier.reset();
            arriving(barrier, "b");
            arriving(barrier, "c");
            sleep(ofSeconds(1));
            assertThat(barrier.isBroken()).isFalse();
        });
        assertThat(trail).containsExactly("a broken", "c1", "b0");
    }

    @Test
    void abort_breaksForAllWhoWaitOrCome_untilReset() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(2);
            arriving(barrier, "a");
            yieldNow();
            barrier.abort();
            arriving(barrier, "b");
            yieldNow();
            yieldNow();
            assertThat(barrier.isBroken()).isTrue();
            barrier.reset();
            arriving(barrier, "c");
            yieldNow();
            trail.add(barrier.await());
        });
        assertThat(trail).containsExactly("a broken", "b broken", 1, "c0");
    }

    @Test
    void resetOrAbort_afterTheRoundIsComplete_breaksNoneOfIt() {
        for (boolean abort : List.of(false, true)) {
            trail.clear();
            VirtualClock.run(() -> {
                AsyncBarrier barrier = new AsyncBarrier(2);
                arriving(barrier, "a");
                yieldNow();
                barrier.await();
                if (abort) {
                    barrier.abort();
                } else {
                    barrier.reset();
                }
                sleep(ofSeconds(1));
            });
            assertThat(trail).containsExactly("a0");
        }
    }

    @Test
    void oneCancelledWhenItWasJustBroken_isCancelled() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(2);
            Task<?> a = arriving(barrier, "a");
            yieldNow();
            barrier.reset();
            a.cancel();
            gatherSettled(a).await();
            assertThat(a.isCancelled()).isTrue();
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void ofOne_neverSuspends_andItMayWaitAgainAndAgain() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(1);
            currentLoop().callSoon(() -> trail.add("another turn"));
            assertThat(barrier.await()).isZero();
            assertThat(barrier.await()).isZero();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void badUse_isRefused() {
        for (int parties : List.of(0, -1)) {
            assertThatThrownBy(() -> new AsyncBarrier(parties))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not " + parties);
        }
        AsyncBarrier barrier = new AsyncBarrier(1);
        for (Action use : List.<Action>of(barrier::await, barrier::reset, barrier::abort)) {
            assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
        }
        VirtualClock.run(() -> {
            currentLoop()
                    .callSoon(() -> {
                        barrier.reset();
                        assertThatThrownBy(barrier::await)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("Only a coroutine");
                        trail.add("refused");
                    });
            yieldNow();
        });
        assertThat(trail).containsExactly("refused");
    }

    @Test
    void toString_tellsWhoWaits() {
        VirtualClock.run(() -> {
            AsyncBarrier barrier = new AsyncBarrier(2);
            Task<?> a = createTask("a", barrier::await);
            yieldNow();
            assertThat(barrier.toString()).isEqualTo("AsyncBarrier[1 of 2, waiting: a]");
            barrier.abort();
            assertThat(barrier.toString()).isEqualTo("AsyncBarrier[broken, 0 of 2]");
            gatherSettled(a).await();
        });
    }
}
