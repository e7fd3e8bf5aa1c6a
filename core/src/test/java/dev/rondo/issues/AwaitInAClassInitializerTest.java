package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

import java.util.*;

/**
 * A mounted await under a class initializer kept its loop's thread for ever. Handed over, it keeps
 * a carrier of the JVM, which nobody can see before it is too late.
 */
@DisabledIfSystemProperty(named = "dev.rondo.fiber", matches = "handoff")
class AwaitInAClassInitializerTest {

    static final class Sleeps {
        static {
            sleep(ofMillis(1));
        }

        static void use() {}
    }

    static final class GivesWay {
        static {
            yieldNow();
        }

        static void use() {}
    }

    static final class AwaitsWhatIsDone {
        static {
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(1);
            promise.await();
        }

        static void use() {}
    }

    private static String outcome(Task<Void> task) {
        Throwable failure = task.exception();
        return failure == null ? "done" : failure.getCause().getMessage().substring(0, 64);
    }

    @Test
    void theTaskFails_andOthersGoOn() {
        String refused = "A coroutine cannot be suspended under a class initializer or a n";
        List<String> trail = new ArrayList<>();
        VirtualClock.run(() -> {
            List<Task<Void>> tasks =
                    List.of(
                            createTask(() -> Sleeps.use()),
                            createTask(() -> GivesWay.use()),
                            createTask(() -> AwaitsWhatIsDone.use()),
                            createTask(() -> sleep(ofMillis(2))));
            waitAll(tasks);
            tasks.forEach(task -> trail.add(outcome(task)));
        });
        assertThat(trail).containsExactly(refused, refused, "done", "done");
    }
}
