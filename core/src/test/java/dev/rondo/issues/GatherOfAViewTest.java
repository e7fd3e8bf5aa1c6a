package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** gather went over its collection twice, and what a view made for the first time was lost. */
class GatherOfAViewTest {

    @Test
    void aViewIsReadOnce() {
        List<String> made = new ArrayList<>();
        VirtualClock.run(() -> {
            List<Task<Boolean>> view =
                    new AbstractList<>() {
                        @Override
                        public Task<Boolean> get(int index) {
                            return createTask(() -> made.add("task " + index));
                        }

                        @Override
                        public int size() {
                            return 3;
                        }
                    };
            gather(view).await();
        });
        assertThat(made).containsExactly("task 0", "task 1", "task 2");
    }
}
