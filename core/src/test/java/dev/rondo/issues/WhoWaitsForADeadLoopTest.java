package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/**
 * A loop that could not go on left callbacks of its tasks uncalled and clean-up undone, without a
 * word.
 */
class WhoWaitsForADeadLoopTest {

    private static String message(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    @Test
    void allAreTold_andCleanUpRunsAsFarAsItNeedsNoTime() throws Exception {
        FailingClock clock = new FailingClock();
        List<String> reported = new CopyOnWriteArrayList<>();
        List<String> trail = new CopyOnWriteArrayList<>();
        EventLoop loop =
                EventLoop.builder()
                        .clock(clock)
                        .onFailure(e -> reported.add(e.what() + ": " + e.failure().getMessage()))
                        .build();
        Task<Void> cleans =
                loop.submit(() -> {
                    try {
                        loop.newPromise().await();
                    } finally {
                        trail.add("cleaned up");
                    }
                });
        Task<Void> stubborn =
                loop.submit(() -> {
                    while (true) {
                        try {
                            loop.newPromise().await();
                        } catch (CancellationException e) {
                            trail.add("goes on");
                        }
                    }
                });
        Thread runner =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                loop.run(() -> loop.newPromise().await());
                            } catch (IllegalStateException e) {
                                reported.add("run: " + e.getCause().getMessage());
                            }
                        });
        loop.submit(
                        () -> {
                            cleans.onDone(done -> trail.add("told of the first"));
                            stubborn.onDone(done -> trail.add("told of the second"));
                        })
                .join();
        CompletableFuture<Void> copy = cleans.toCompletableFuture();
        loop.submit(() -> loop.callLater(ofHours(1), () -> {})).join();
        clock.broken = true;
        loop.callSoon(() -> {});
        runner.join();
        loop.close();
        trail.add("closed " + loop.isClosed());
        trail.add("copy cancelled " + copy.isCancelled());
        try {
            stubborn.join();
        } catch (IllegalStateException e) {
            trail.add(message(e.getCause()));
        }
        assertThat(trail)
                .containsExactly(
                        "cleaned up",
                        "goes on",
                        "told of the first",
                        "told of the second",
                        "closed true",
                        "copy cancelled true",
                        "IllegalStateException: no time");
        assertThat(reported)
                .containsExactly(
                        "Exception in the loop itself: no time",
                        "Exception in the loop itself: no time",
                        "Exception in the loop itself: no time",
                        "Task 'Task-2' will not run on, and clean nothing up: no time",
                        "run: no time");
    }
}
