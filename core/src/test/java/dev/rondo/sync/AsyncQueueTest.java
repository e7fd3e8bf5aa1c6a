package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** The order of items, what suspends, what is refused, and how a queue shows itself. */
class AsyncQueueTest extends QueueTrail {
    @Test
    void items_comeByTheirKind_andOfEqualOnesTheOnePutFirst() {
        VirtualClock.run(() -> {
            AsyncQueue<String> fifo = new AsyncQueue<>(3);
            AsyncQueue<String> lifo = AsyncQueue.lifo(3);
            AsyncQueue<String> byLength =
                    AsyncQueue.priority(3, Comparator.comparing(String::length));
            for (AsyncQueue<String> queue : List.of(fifo, lifo, byLength)) {
                for (String item : List.of("bb", "a", "cc")) {
                    queue.put(item);
                }
                assertThat(queue.tryPut("dd")).isFalse();
                trail.add(drain(queue));
            }
        });
        assertThat(trail)
                .containsExactly(
                        List.of("bb", "a", "cc"),
                        List.of("cc", "a", "bb"),
                        List.of("a", "bb", "cc"));
    }

    @Test
    void anItemWhoseOrderThrows_isNotIn_andItsPlaceIsFree() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue =
                    AsyncQueue.priority(
                            2,
                            (a, b) -> {
                                if (a == 13 || b == 13) {
                                    throw boom;
                                }
                                return Integer.compare(a, b);
                            });
            assertThatThrownBy(() -> queue.put(13)).isSameAs(boom);
            queue.put(2);
            assertThatThrownBy(() -> queue.tryPut(13)).isSameAs(boom);
            assertThat(queue.tryPut(1)).isTrue();
            assertThat(queue.toString()).isEqualTo("AsyncQueue[2 of 2, 2 unfinished]");
            // One that had to wait for its place gives it to the next.
            Task<?> bad = createTask(() -> queue.put(13));
            putting(queue, 3);
            yieldNow();
            assertThat(queue.get()).isEqualTo(1);
            assertThatThrownBy(bad::await).isSameAs(boom);
            yieldNow();
            assertThat(drain(queue)).containsExactly(2, 3);
        });
    }

    @Test
    void uncontended_nothingSuspends() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(() -> trail.add("another turn"));
            AsyncQueue<Integer> queue = new AsyncQueue<>(2);
            queue.join();
            queue.put(1);
            assertThat(queue.tryPut(2)).isTrue();
            assertThat(queue.get()).isEqualTo(1);
            assertThat(queue.tryGet()).isEqualTo(2);
            assertThat(queue.tryGet()).isNull();
            queue.taskDone();
            queue.taskDone();
            queue.join();
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void badCapacities_andNulls_areRefused() {
        for (int capacity : List.of(0, -1)) {
            for (Action make :
                    List.<Action>of(
                            () -> new AsyncQueue<Integer>(capacity),
                            () -> AsyncQueue.lifo(capacity),
                            () ->
                                    AsyncQueue.priority(
                                            capacity, Comparator.<Integer>naturalOrder()))) {
                assertThatThrownBy(make::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("capacity of " + capacity);
            }
        }
        assertThatThrownBy(() -> AsyncQueue.priority(1, null))
                .isInstanceOf(NullPointerException.class);
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> queue.tryPut(null)).isInstanceOf(NullPointerException.class);
            assertThat(queue.size()).isZero();
        });
    }

    @Test
    void aCallbackMayTry_butNotWait_evenIfItNeedNot() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = AsyncQueue.unbounded();
            currentLoop()
                    .callSoon(() -> {
                        trail.add(queue.tryPut(1));
                        for (Action use :
                                List.<Action>of(queue::get, () -> queue.put(2), queue::join)) {
                            assertThatThrownBy(use::run)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("Only a coroutine");
                        }
                        trail.add(queue.tryGet());
                        queue.taskDone();
                        queue.shutdown();
                    });
            yieldNow();
            trail.add(queue.toString());
        });
        assertThat(trail).containsExactly(true, 1, "AsyncQueue[0, shut down]");
    }

    @Test
    void anotherLoop_orAPlainThread_isRefused() {
        AsyncQueue<Integer> queue = AsyncQueue.unbounded();
        List<Action> uses =
                List.of(
                        queue::get,
                        queue::tryGet,
                        () -> queue.put(1),
                        () -> queue.tryPut(1),
                        queue::taskDone,
                        queue::join,
                        queue::shutdown);
        for (Action use : uses) {
            assertThatThrownBy(use::run).hasMessageContaining("No loop runs on this thread");
        }
        try (EventLoop open = EventLoop.create()) {
            open.run(() -> queue.put(1));
            VirtualClock.run(() -> {
                for (Action use : uses) {
                    assertThatThrownBy(use::run)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("the loop that used it first");
                }
            });
        }
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void toString_tellsWhoWaits() {
        VirtualClock.run(() -> {
            AsyncQueue<Integer> queue = new AsyncQueue<>(1);
            getting(queue, "a");
            yieldNow();
            trail.add(queue.toString());
            trail.add(AsyncQueue.unbounded().toString());
            queue.put(1);
            yieldNow();
            queue.put(2);
            putting(queue, 3);
            yieldNow();
            trail.add(queue.toString());
            trail.remove("a1");
            queue.get();
        });
        assertThat(trail)
                .containsExactly(
                        "AsyncQueue[0 of 1, getting: a]",
                        "AsyncQueue[0]",
                        "AsyncQueue[1 of 1, 2 unfinished, putting: put3]",
                        "put3");
    }
}
