package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** One that lives long is waited for again and again: nothing of that is left on it. */
class LeftOnWhatLivesLongTest {
    private static final int ROUNDS = 20_000;

    private final Coroutine<String> quick = () -> "quick";
    private final Coroutine<String> failing =
            () -> {
                throw new IllegalArgumentException("failing");
            };

    private interface Round {
        void run(Task<String> task, Promise<String> promise) throws Exception;
    }

    /** What is left after many rounds, at once. */
    private static List<Integer> leftAfter(Round round) {
        return VirtualClock.run(() -> {
            Promise<Void> end = currentLoop().newPromise();
            Task<String> task =
                    createTask(() -> {
                        end.await();
                        return "ended";
                    });
            Promise<String> promise = currentLoop().newPromise();
            yieldNow();
            round.run(task, promise);
            yieldNow();
            List<Integer> before =
                    List.of(Insides.registrations(task), Insides.registrations(promise));
            for (int i = 0; i < ROUNDS; i++) {
                round.run(task, promise);
            }
            yieldNow();
            List<Integer> after =
                    List.of(Insides.registrations(task), Insides.registrations(promise));
            return List.of(after.get(0) - before.get(0), after.get(1) - before.get(1));
        });
    }

    private static void timesOut(Action wait) {
        assertThatThrownBy(() -> timeout(ZERO, wait)).isInstanceOf(AsyncTimeoutException.class);
    }

    @Test
    void byWaitsThatAreOver() {
        List<Round> rounds =
                List.of(
                        (task, promise) -> waitFirst(List.of(task, createTask(quick))),
                        (task, promise) -> waitAll(List.of(task), ofMillis(1)),
                        (task, promise) -> timesOut(() -> shield(task).await()),
                        (task, promise) -> timesOut(() -> shield(promise).await()),
                        (task, promise) -> waitFirst(List.of(promise, createTask(quick))),
                        (task, promise) -> task.onDone(done -> {}).cancel(),
                        (task, promise) -> timesOut(() -> sleep(ofHours(1))));
        for (Round round : rounds) {
            assertThat(leftAfter(round)).containsExactly(0, 0);
        }
    }

    @Test
    void byAGatherThatHasFailed_whoseOthersGoOn_andFailUnreported() {
        assertThat(
                        leftAfter((task, promise) ->
                                assertThatThrownBy(gather(List.of(task, promise, failing))::await)
                                        .hasMessage("failing")))
                .containsExactly(0, 0);
        List<Object> reported = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder().onError(reported::add).build()) {
            loop.run(() -> {
                Task<String> late =
                        createTask(() -> {
                            yieldNow();
                            yieldNow();
                            return failing.run();
                        });
                assertThatThrownBy(gather(List.of(late, failing))::await).hasMessage("failing");
                yieldNow();
                yieldNow();
                assertThat(late.isDone()).isTrue();
            });
        }
        assertThat(reported).isEmpty();
    }

    /** What can be known only when it has been collected. */
    private static void untilNothingIsLeft(Task<?> future, int before, Runnable pause) {
        while (Insides.registrations(future) > before) {
            System.gc();
            pause.run();
        }
    }

    @Test
    void byAsCompletedThatWasLeft_withAndWithoutALimit() {
        Async.run(() -> {
            Task<String> task = createTask(() -> currentLoop().<String>newPromise().await());
            Promise<String> promise = currentLoop().newPromise();
            yieldNow();
            for (int i = 0; i < ROUNDS; i++) {
                List<Awaitable<String>> all = List.of(task, promise, quick);
                assertThat(asCompleted(all).iterator().next().result()).isEqualTo("quick");
                var limited = asCompleted(all, ofHours(1)).iterator();
                assertThat(limited.next().result()).isEqualTo("quick");
            }
            assertThat(Insides.timers(currentLoop())).isZero();
            Runnable pause = () -> sleep(ofMillis(10));
            untilNothingIsLeft(task, 0, pause);
            untilNothingIsLeft(promise, 0, pause);
            task.cancel();
        });
    }

    @Test
    void byThreadsThatHaveWaitedInVain() throws Exception {
        try (EventLoop loop = EventLoop.start("background")) {
            Promise<String> promise = loop.newPromise();
            Task<String> task = loop.submit(() -> promise.await());
            for (int i = 0; i < ROUNDS; i++) {
                assertThatThrownBy(() -> task.toCompletableFuture().get(1, TimeUnit.NANOSECONDS))
                        .isInstanceOf(TimeoutException.class);
                Thread.currentThread().interrupt();
                assertThatThrownBy(task::join).hasMessageContaining("interrupted");
                assertThat(Thread.interrupted()).isTrue();
            }
            untilNothingIsLeft(task, 0, () -> loop.submit(Async::yieldNow).join());
            promise.complete("ended");
            assertThat(task.join()).isEqualTo("ended");
        }
    }

    @Test
    void aFutureThatWasWaitedForInVain_endsAllTheSame_andSoDoesWhatDependsOnIt() throws Exception {
        try (EventLoop loop = EventLoop.start("background")) {
            Promise<String> promise = loop.newPromise();
            CompletableFuture<String> kept = promise.toCompletableFuture();
            CompletableFuture<String> dropped = promise.toCompletableFuture();
            for (CompletableFuture<String> future : List.of(kept, dropped)) {
                assertThatThrownBy(() -> future.get(1, TimeUnit.NANOSECONDS))
                        .isInstanceOf(TimeoutException.class);
            }
            List<CompletionStage<String>> dependents =
                    List.of(
                            dropped.thenApply(value -> value + " then"),
                            CompletableFuture.completedFuture("both ")
                                    .thenCombine(
                                            waitedInVain(promise), (both, value) -> both + value),
                            waitedInVain(promise).minimalCompletionStage());
            dropped = null;
            for (int i = 0; i < 5; i++) {
                System.gc();
                loop.submit(Async::yieldNow).join();
            }
            promise.complete("ended");
            assertThat(kept.get(30, TimeUnit.SECONDS)).isEqualTo("ended");
            List<Object> values = new ArrayList<>();
            for (CompletionStage<String> dependent : dependents) {
                values.add(dependent.toCompletableFuture().get(30, TimeUnit.SECONDS));
            }
            assertThat(values).containsExactly("ended then", "both ended", "ended");
        }
    }

    private static CompletableFuture<String> waitedInVain(Promise<String> promise) {
        CompletableFuture<String> future = promise.toCompletableFuture();
        assertThatThrownBy(() -> future.get(1, TimeUnit.NANOSECONDS))
                .isInstanceOf(TimeoutException.class);
        return future;
    }

    @Test
    void byAwaitingAStageThatCannotBeCancelled_whoseEndComesToThoseWhoWaitThen() {
        CompletableFuture<String> stage =
                new CompletableFuture<>() {
                    @Override
                    public boolean cancel(boolean interrupt) {
                        return false;
                    }
                };
        VirtualClock.run(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                timesOut(() -> Async.await(stage));
            }
            assertThat(stage.getNumberOfDependents()).isEqualTo(1);
            Task<String> waiting = createTask(() -> Async.await(stage));
            Task<String> cancelled = createTask(() -> Async.await(stage));
            yieldNow();
            cancelled.cancel();
            stage.complete("ended");
            assertThat(waiting.await()).isEqualTo("ended");
            assertThat(Async.await(stage)).isEqualTo("ended");
            assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
        });
    }
}
