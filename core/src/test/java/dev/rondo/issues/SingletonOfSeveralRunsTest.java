package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A primitive in a singleton could be used by the first run alone. */
class SingletonOfSeveralRunsTest {
    private final List<Object> trail = new ArrayList<>();

    private static void twice(Action use) {
        VirtualClock.run(use);
        VirtualClock.run(use);
    }

    @Test
    void eachPrimitiveGoesToTheNextLoop_ifNobodyHoldsIt() {
        AsyncLock lock = new AsyncLock();
        twice(() -> lock.with(() -> sleep(ofMillis(1))));
        AsyncSemaphore semaphore = new AsyncSemaphore(1);
        twice(() -> gather(() -> semaphore.with(() -> {}), () -> semaphore.with(() -> {})).await());
        AsyncCondition condition = new AsyncCondition();
        twice(() -> {
            createTask(() -> condition.with(() -> condition.signal()));
            condition.with(() -> condition.await());
        });
        AsyncBarrier barrier = new AsyncBarrier(2);
        twice(() -> gather(() -> barrier.await(), () -> barrier.await()).await());
        AsyncQueue<Integer> queue = new AsyncQueue<>(1);
        twice(() -> {
            Task<Integer> got = createTask(() -> queue.get());
            queue.put(1);
            trail.add(got.await());
        });
        assertThat(trail).containsExactly(1, 1);
    }

    @Test
    void itGoesAsItIs_anEventThatIsSet_aQueueWithItsItems() {
        AsyncEvent event = new AsyncEvent();
        AsyncQueue<Integer> queue = new AsyncQueue<>(3);
        VirtualClock.run(() -> {
            event.set();
            queue.put(1);
            queue.put(2);
        });
        VirtualClock.run(() -> {
            event.await();
            trail.add(queue.get());
            trail.add(queue.get());
            queue.taskDone();
            queue.taskDone();
            queue.join();
        });
        assertThat(trail).containsExactly(1, 2);
    }

    @Test
    void oneWhoseWaitersWereCancelledWithTheirLoop_isFree() {
        AsyncQueue<Integer> queue = new AsyncQueue<>(1);
        AsyncEvent event = new AsyncEvent();
        VirtualClock.run(() -> {
            createTask(() -> queue.get());
            createTask(() -> event.await());
            yieldNow();
        });
        VirtualClock.run(() -> {
            queue.put(1);
            event.set();
            trail.add(queue.get());
        });
        assertThat(trail).containsExactly(1);
    }

    @Test
    void oneThatWasLeftHeld_isRefused_andSoIsOneWhoseLoopIsOpen() {
        AsyncLock lock = new AsyncLock();
        AsyncSemaphore semaphore = new AsyncSemaphore(2);
        VirtualClock.run(() -> {
            lock.acquire();
            semaphore.acquire();
        });
        for (Action use : List.<Action>of(lock::tryAcquire, semaphore::tryAcquire)) {
            assertThatThrownBy(() -> VirtualClock.run(use))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is still held from a loop that has closed");
        }
        try (EventLoop open = EventLoop.create()) {
            AsyncEvent event = new AsyncEvent();
            open.run(() -> event.set());
            assertThatThrownBy(() -> VirtualClock.run(() -> event.await()))
                    .hasMessageContaining("belongs to the loop that used it first");
        }
    }
}
