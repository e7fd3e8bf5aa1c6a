package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

/** Who gets an item or a place when several wait for it and some give up. */
class AsyncQueueWaitersTest extends QueueTrail {
    @Test
    void ofTwoWhoWait_theFirstCancelledWhenItsItemCame_theSecondGetsIt() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            Task<?> b = getting(queue, "b");
            yieldNow();
            queue.put(1);
            a.cancel();
            b.await();
            assertThat(queue.size()).isZero();
        });
        assertThat(trail).containsExactly("b1");
    }

    @Test
    void anItemPromisedToOneThatIsCancelled_staysAtItsPlace() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            Task<?> a = getting(queue, "a");
            yieldNow();
            queue.put(1);
            queue.put(2);
            a.cancel();
            gatherSettled(a).await();
            assertThat(drain(queue)).containsExactly(1, 2);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void nobodyTakesWhatIsPromised_andANewcomerGetsTheItemAfterIt() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            getting(queue, "a");
            yieldNow();
            queue.put(1);
            assertThat(queue.size()).isEqualTo(1);
            assertThat(queue.tryGet()).isNull();
            queue.put(2);
            assertThat(queue.tryGet()).isNull();
            trail.add("newcomer" + queue.get());
        });
        assertThat(trail).containsExactly("a1", "newcomer2");
    }

    @Test
    void aFreePlaceIsPromisedToTheFirstThatPuts_notToWhoeverComesBy() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(0);
            putting(queue, 1);
            putting(queue, 2);
            yieldNow();
            assertThat(queue.tryGet()).isEqualTo(0);
            assertThat(queue.tryPut(9)).isFalse();
            for (int i = 1; i <= 2; i++) {
                trail.add("got" + queue.get());
            }
        });
        assertThat(trail).containsExactly("put1", "got1", "put2", "got2");
    }

    @Test
    void aNewcomerThatPuts_withAPlaceToSpare_comesAfterThoseServedBefore() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.put(-1);
            queue.put(0);
            putting(queue, 1);
            yieldNow();
            drain(queue);
            queue.put(2);
            assertThat(drain(queue)).containsExactly(1, 2);
        });
    }

    @Test
    void ofTwoWhoPut_theFirstCancelledWhenItsPlaceCame_theSecondGetsIt_andItsItemIsNotIn() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            queue.put(0);
            Task<?> first = putting(queue, 1);
            Task<?> second = putting(queue, 2);
            yieldNow();
            queue.tryGet();
            first.cancel();
            second.await();
            assertThat(first.isCancelled()).isTrue();
            assertThat(drain(queue)).containsExactly(2);
        });
    }

    @Test
    void aTimeoutInThePassOfThePut_leavesTheItem_andOneInThePassOfTheGet_thePlace() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            currentLoop().callLater(ofSeconds(1), () -> trail.add(queue.tryPut(1)));
            assertThatThrownBy(() -> timeout(ofSeconds(1), queue::get))
                    .isInstanceOf(AsyncTimeoutException.class);
            currentLoop().callLater(ofSeconds(1), () -> trail.add(queue.tryGet()));
            assertThatThrownBy(() -> timeout(ofSeconds(1), () -> queue.put(2)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(queue.size()).isZero();
            assertThat(queue.tryPut(3)).isTrue();
        });
        assertThat(trail).containsExactly(true, 1);
    }

    @Test
    void cancelledOnes_areNoLongerInTheLine() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            Task<?> get = getting(queue, "a");
            yieldNow();
            get.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[0 of 1]");
            yieldNow();
            queue.put(1);
            Task<?> put = putting(queue, 2);
            yieldNow();
            put.cancel();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[1 of 1, 1 unfinished]");
        });
    }
}
