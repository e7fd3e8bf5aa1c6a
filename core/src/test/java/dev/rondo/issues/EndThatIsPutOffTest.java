package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.Consumer;

/** A loop never ended while something was begun again and again, or submitted from outside. */
class EndThatIsPutOffTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private volatile int starts;

    private void supervise() {
        starts++;
        createTask("worker", () -> sleep(ofHours(1))).onDone(ended -> supervise());
    }

    private void superviseABlockingCall() {
        starts++;
        toThread(() -> new CountDownLatch(1).await()).onDone(ended -> superviseABlockingCall());
    }

    private void restartItself() {
        starts++;
        try {
            sleep(ofHours(1));
        } finally {
            createTask("phoenix", this::restartItself);
            yieldNow();
            yieldNow();
        }
    }

    /** How the loop's end was told; it must have come. */
    private List<String> end(Consumer<Action> way, Action main) {
        starts = 0;
        try (LogRecorder log = new LogRecorder()) {
            assertThat(CompletableFuture.runAsync(() -> way.accept(main)))
                    .succeedsWithin(ofSeconds(60));
            assertThat(starts).isBetween(2, 100_000);
            return log.messages();
        }
    }

    private static void close(Action main) {
        EventLoop loop = EventLoop.start("closing");
        loop.submit(main).join();
        loop.close();
    }

    private static void closeAsync(Action main) {
        EventLoop loop = EventLoop.start("closing");
        loop.submit(main).join();
        loop.closeAsync().join();
    }

    @Test
    void byATaskThatIsStartedWheneverItEnds() {
        List<Consumer<Action>> ways =
                List.of(
                        Async::run,
                        VirtualClock::run,
                        EndThatIsPutOffTest::close,
                        EndThatIsPutOffTest::closeAsync);
        for (Consumer<Action> way : ways) {
            Action main =
                    () -> {
                        supervise();
                        supervise();
                        yieldNow();
                    };
            assertThat(end(way, main))
                    .singleElement()
                    .asString()
                    .startsWith("WARNING: At the end of EventLoop[")
                    .endsWith("before it begins: Task 'worker', Task 'worker'");
        }
    }

    @Test
    void byATaskThatStartsItselfAgainWhenItIsCancelled() {
        Action main =
                () -> {
                    createTask("phoenix", this::restartItself);
                    yieldNow();
                };
        assertThat(end(VirtualClock::run, main))
                .singleElement()
                .asString()
                .endsWith("before it begins: Task 'phoenix'");
    }

    @Test
    void byABlockingCallThatIsStartedWheneverItEnds() {
        assertThat(end(EndThatIsPutOffTest::close, this::superviseABlockingCall))
                .singleElement()
                .asString()
                .endsWith("before it begins: Task 'toThread'");
    }

    @Test
    void byAThreadThatKeepsSubmitting_whichIsRefusedAtOnce_whileResultsStillArrive()
            throws Exception {
        EventLoop loop = EventLoop.start("closing");
        Promise<String> promise = loop.newPromise();
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        loop.submit(() -> {
            begun.countDown();
            try {
                sleep(ofHours(1));
            } finally {
                trail.add(promise.await());
                trail.add(Async.await(stage));
                trail.add(toThread(() -> "from a thread").await());
                trail.add(createTask(() -> "a task of its own").await());
                trail.add(gather(() -> "a gather").await());
            }
        });
        begun.await();
        CountDownLatch release = new CountDownLatch(1);
        loop.callSoon(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Task<String> accepted = loop.submit(() -> "accepted");
        accepted.onDone(ended -> trail.add(ended.isCancelled() ? "told" : "done"));
        CompletableFuture<Void> closed = loop.closeAsync();
        List<Runnable> work =
                List.of(
                        () -> loop.submit(() -> {}),
                        () -> loop.callSoon(() -> {}),
                        () -> loop.callLater(ofSeconds(1), () -> {}),
                        () -> loop.callAt(0, () -> {}));
        for (Runnable one : work) {
            assertThatThrownBy(one::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "EventLoop[closing, started] is closing and takes no more work; create"
                                    + " or start another loop");
        }
        release.countDown();
        promise.complete("a promise");
        stage.complete("a stage");
        closed.get(30, TimeUnit.SECONDS);
        assertThat(accepted.isDone()).isTrue();
        assertThat(trail)
                .containsOnlyOnce(accepted.isCancelled() ? "told" : "done")
                .containsSubsequence(
                        "a promise",
                        "a stage",
                        "from a thread",
                        "a task of its own",
                        List.of("a gather"));
    }

    @Test
    void byAThreadThatSubmitsAtTheEndOfARun_whichIsRefusedUntilTheRunIsOver() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            CountDownLatch ending = new CountDownLatch(1);
            CountDownLatch refused = new CountDownLatch(1);
            Thread outside =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    ending.await();
                                    loop.submit(() -> trail.add("ran"));
                                } catch (Exception e) {
                                    trail.add(e.getMessage());
                                }
                                refused.countDown();
                            });
            loop.run(() -> {
                createTask(() -> {
                    try {
                        sleep(ofHours(1));
                    } finally {
                        ending.countDown();
                        refused.await();
                    }
                });
                yieldNow();
            });
            outside.join();
            Task<?> next = loop.submit(() -> trail.add("the next run"));
            loop.run(() -> next.await());
            assertThat(trail)
                    .containsExactly(
                            "EventLoop["
                                    + loop.name()
                                    + ", running] is at the end of a run; it takes work again"
                                    + " afterwards",
                            "the next run");
        }
    }

    @Test
    void whatDoesNotEnd_isReportedInOneMessage_withTheFirstTenNames() {
        try (LogRecorder log = new LogRecorder()) {
            VirtualClock.run(() -> {
                for (int i = 0; i < 25; i++) {
                    createTask("stubborn" + i, () -> shielded(() -> sleep(ofMinutes(1))));
                }
                yieldNow();
            });
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("has not ended after 5 s: Task 'stubborn0' at dev.rondo.issues.")
                    .contains("Task 'stubborn9' at ")
                    .doesNotContain("stubborn10")
                    .endsWith(" and 15 more");
        }
    }
}
