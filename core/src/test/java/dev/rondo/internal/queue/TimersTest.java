package dev.rondo.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** The heap against a sorted list, with random insertions and removals. */
class TimersTest {
    private final Timers timers = new Timers();

    private Timer add(long when) {
        Timer timer = new Timer(when, () -> {});
        timers.add(timer);
        return timer;
    }

    private List<Timer> drain() {
        List<Timer> drained = new ArrayList<>();
        for (Timer first = timers.first(); first != null; first = timers.first()) {
            drained.add(first);
            timers.remove(first);
        }
        return drained;
    }

    @Test
    void randomOperations_agreeWithASortedList() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            List<Timer> model = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (!model.isEmpty() && random.nextInt(3) == 0) {
                    timers.remove(model.remove(random.nextInt(model.size())));
                } else {
                    model.add(add(random.nextInt(50)));
                }
                assertThat(timers.size()).isEqualTo(model.size());
            }
            model.sort(
                    Comparator.<Timer>comparingLong(timer -> timer.when)
                            .thenComparingLong(timer -> timer.sequence));
            assertThat(drain()).containsExactlyElementsOf(model);
        }
    }

    @Test
    void extremeTimesKeepTheirOrder() {
        Timer never = add(Long.MAX_VALUE);
        Timer now = add(0);
        Timer longAgo = add(Long.MIN_VALUE);
        assertThat(drain()).containsExactly(longAgo, now, never);
    }

    @Test
    void removingTwice_orWhatWasNeverAdded_doesNothing() {
        Timer timer = add(1);
        Timer other = add(2);
        timers.remove(timer);
        timers.remove(timer);
        timers.remove(new Timer(1, () -> {}));
        assertThat(drain()).containsExactly(other);
    }
}
