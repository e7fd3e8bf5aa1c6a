package dev.rondo.sync;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;

/** Queues of every order that never make one wait who puts. */
class UnboundedQueuesTest {
    private static List<Integer> taken(AsyncQueue<Integer> queue) {
        List<Integer> items = List.of(3, 1, 2);
        items.forEach(item -> assertThat(queue.tryPut(item)).isTrue());
        for (int i = 0; i < 1_000; i++) {
            queue.put(9);
        }
        List<Integer> taken = new ArrayList<>();
        while (queue.size() > 0) {
            taken.add(queue.get());
        }
        taken.removeIf(item -> item == 9);
        return taken;
    }

    @Test
    void eachHasItsOrder() {
        VirtualClock.run(() -> {
            assertThat(taken(AsyncQueue.unbounded())).containsExactly(3, 1, 2);
            assertThat(taken(AsyncQueue.lifo())).containsExactly(2, 1, 3);
            assertThat(taken(AsyncQueue.priority(Comparator.naturalOrder())))
                    .containsExactly(1, 2, 3);
            assertThat(taken(AsyncQueue.priority(Comparator.reverseOrder())))
                    .containsExactly(3, 2, 1);
        });
    }

    @Test
    void anOrderIsNeeded() {
        assertThatThrownBy(() -> AsyncQueue.priority(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("order");
    }
}
