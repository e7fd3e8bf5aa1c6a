package dev.rondo.issues;

import static dev.rondo.Async.*;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.VirtualClock;

import java.util.function.Consumer;

/** What several of these tests do. */
final class Steps {
    private Steps() {}

    /** Runs the body as a task, cancels it after half a second, and waits for it. */
    static Task<?> cancelled(Action body) {
        Task<?> task = createTask(body);
        sleep(ofMillis(500));
        task.cancel("outside");
        gatherSettled(task).await();
        return task;
    }

    /** Runs the body on a virtual clock. */
    static void run(Action body, Consumer<Throwable> onError) {
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(onError).build()) {
            loop.run(body);
        }
    }

    static void failAfter(int seconds) {
        sleep(ofSeconds(seconds));
        throw new IllegalStateException("boom");
    }
}
