package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** Those who joined something that was still pending, or ended last, were never released. */
class JoinAtCloseTest {

    private static CompletableFuture<Object> joining(Task<?> task) {
        CompletableFuture<Object> ended = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        ended.complete(task.join());
                    } catch (CancellationException e) {
                        ended.complete("cancelled");
                    }
                });
        return ended;
    }

    @Test
    void ofAGatherOfAPromiseNobodyEnds() throws Exception {
        EventLoop loop = EventLoop.start("joined");
        Promise<Integer> promise = loop.newPromise();
        Task<List<Integer>> gather = loop.<Task<List<Integer>>>submit(() -> gather(promise)).join();
        CompletableFuture<Object> joined = joining(gather);
        loop.submit(Async::yieldNow).join();
        loop.close();
        assertThat(joined.get(10, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void ofNestedGathers_whoseCallbacksRunToo() throws Exception {
        EventLoop loop = EventLoop.start("joined");
        CompletableFuture<String> calledBack = new CompletableFuture<>();
        Task<?> outer =
                loop.submit(
                                () -> {
                                    Task<?> task = createTask(() -> sleep(ofHours(1)));
                                    Task<?> nested = gather(gather(gather(task)));
                                    nested.onDone(done -> calledBack.complete("called back"));
                                    return nested;
                                })
                        .join();
        CompletableFuture<Object> joined = joining(outer);
        loop.close();
        assertThat(joined.get(10, TimeUnit.SECONDS)).isEqualTo("cancelled");
        assertThat(calledBack.get(10, TimeUnit.SECONDS)).isEqualTo("called back");
    }

    @Test
    void ofATaskThatEndsWithTheRun() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            for (int i = 0; i < 300; i++) {
                Task<Integer> task = loop.submit(() -> 1);
                CompletableFuture<Object> joined = joining(task);
                loop.run(() -> {});
                assertThat(joined.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }
}
