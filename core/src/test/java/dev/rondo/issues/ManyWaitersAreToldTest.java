package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.CancellationException;

/**
 * Each waiter of a primitive was told of the end with the names of all the others: two thousand
 * took seconds, a hundred thousand would have taken hours.
 */
class ManyWaitersAreToldTest {
    private static final int MANY = 100_000;

    private final Map<Class<?>, Integer> told = new HashMap<>();

    /** Has many wait, until something is done or the run ends. */
    private void waiting(Action wait, Action end) {
        assertTimeout(
                ofMinutes(5),
                () ->
                        VirtualClock.run(() -> {
                            for (int i = 0; i < MANY; i++) {
                                createTask(() -> {
                                    try {
                                        wait.run();
                                    } catch (IllegalStateException e) { // or a cancellation
                                        told.merge(e.getClass(), 1, Integer::sum);
                                    }
                                });
                            }
                            yieldNow();
                            end.run();
                        }));
    }

    @Test
    void ofAQueueThatIsShutDown() {
        AsyncQueue<Integer> empty = AsyncQueue.unbounded();
        waiting(empty::get, empty::shutdown);
        AsyncQueue<Integer> full = new AsyncQueue<>(1);
        waiting(
                () -> full.put(1),
                () -> {
                    assertThat(full.toString()).endsWith(" and 99989 more]");
                    full.shutdown();
                });
        assertThat(told)
                .containsExactly(Map.entry(AsyncQueueShutDownException.class, 2 * MANY - 1));
    }

    @Test
    void ofABarrierThatIsBroken() {
        AsyncBarrier barrier = new AsyncBarrier(MANY + 1);
        waiting(barrier::await, barrier::abort);
        assertThat(told).containsExactly(Map.entry(AsyncBrokenBarrierException.class, MANY));
    }

    @Test
    void ofEachPrimitiveWhoseLoopEnds() {
        AsyncQueue<Integer> queue = new AsyncQueue<>(1);
        AsyncSemaphore semaphore = new AsyncSemaphore(0);
        AsyncEvent event = new AsyncEvent();
        AsyncCondition condition = new AsyncCondition();
        AsyncLock lock = new AsyncLock();
        AsyncBarrier barrier = new AsyncBarrier(MANY + 1);
        List<Action> waits =
                List.of(
                        queue::get,
                        semaphore::acquire,
                        event::await,
                        () -> condition.with(condition::await),
                        () -> lock.with(() -> sleep(ofHours(1))),
                        barrier::await);
        for (Action wait : waits) {
            waiting(wait, () -> {});
        }
        assertThat(told)
                .containsExactly(Map.entry(CancellationException.class, waits.size() * MANY));
    }
}
