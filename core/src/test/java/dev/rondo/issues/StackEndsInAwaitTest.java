package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** An await just before the end of the stack left its coroutine half suspended. */
class StackEndsInAwaitTest {

    private static int deep(int frames) {
        if (frames > 0) {
            return deep(frames - 1) + 1;
        }
        yieldNow();
        return 1;
    }

    private static int untilItEnds(int[] reached) {
        reached[0]++;
        return untilItEnds(reached) + 1;
    }

    @Test
    void itIsACleanStackOverflow_whereverItHits() {
        Async.run(() -> {
            int[] limit = new int[1];
            Task<?> measuring = createTask(() -> untilItEnds(limit));
            assertThatThrownBy(measuring::await).isInstanceOf(StackOverflowError.class);
            for (int frames = limit[0] / 4; frames < limit[0] * 2; frames += limit[0] / 60) {
                int depth = frames;
                Task<Integer> task =
                        createTask(() -> {
                            try {
                                deep(depth);
                            } catch (StackOverflowError e) {
                                limit[0]++;
                            }
                            Promise<Integer> promise = currentLoop().newPromise();
                            currentLoop().callSoon(() -> promise.complete(7));
                            return promise.await();
                        });
                assertThat(task.await()).isEqualTo(7);
            }
        });
    }
}
