package dev.rondo.reactor;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tasks that take the lock, hold it over suspensions, and are cancelled at any moment. */
class EmissionLockTest {
    private static final int TASKS = 6;

    private int inside;

    private void takeAndGive(EmissionLock lock, boolean tries, int suspensions) {
        if (!tries) {
            lock.take();
        } else if (!lock.tryTake()) {
            return;
        }
        try {
            assertThat(inside++).isZero();
            for (int i = 0; i < suspensions; i++) {
                yieldNow();
            }
        } finally {
            inside--;
            lock.give();
        }
    }

    private void play(Random random) {
        EmissionLock lock = new EmissionLock();
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int before = random.nextInt(4);
            int within = random.nextInt(3);
            boolean tries = random.nextInt(4) == 0;
            tasks.add(
                    createTask(() -> {
                        for (int step = 0; step < before; step++) {
                            yieldNow();
                        }
                        for (int round = 0; round < 3; round++) {
                            takeAndGive(lock, tries, within);
                            yieldNow();
                        }
                    }));
        }
        for (int i = 0; i < 8; i++) {
            if (random.nextBoolean()) {
                yieldNow();
            }
            if (random.nextInt(3) == 0) {
                tasks.get(random.nextInt(TASKS)).cancel();
            }
        }
        timeout(ofSeconds(1), () -> gatherSettled(tasks).await());
        assertThat(tasks).allMatch(task -> task.isCancelled() || task.exception() == null);
        assertThat(lock.tryTake()).isTrue();
        assertThat(lock.tryTake()).isFalse();
    }

    @Test
    void neverTwoHaveIt_andAfterAllItIsFree() {
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            VirtualClock.run(() -> play(random));
        }
    }
}
