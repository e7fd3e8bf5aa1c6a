package dev.rondo;

import static dev.rondo.Async.await;
import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;
import static dev.rondo.Latches.awaitPlainly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Other threads and futures on one side, the loop on the other. */
class ThreadsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final EventLoop loop = EventLoop.start("threads");

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void submit_fromAnyThread_givesATaskToJoin() {
        assertThat(loop.submit(() -> 42).join()).isEqualTo(42);
        RuntimeException boom = new RuntimeException("boom");
        Task<?> failing =
                loop.submit(() -> {
                    throw boom;
                });
        assertThatThrownBy(failing::join).isSameAs(boom);
        IOException checked = new IOException();
        Task<?> checkedTask =
                loop.submit(() -> {
                    throw checked;
                });
        assertThatThrownBy(checkedTask::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(checked);
    }

    @Test
    void aFutureThatTimesOutInTheThread_leavesTheTaskAlone_cancellingItCancelsTheTask()
            throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        Task<?> task =
                loop.submit(() -> {
                    try {
                        sleep(HOUR);
                    } catch (CancellationException e) {
                        cancelled.countDown();
                        throw e;
                    }
                });
        CompletableFuture<?> future = task.toCompletableFuture();
        assertThatThrownBy(() -> future.get(10, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThat(task.isDone()).isFalse();
        future.cancel(true);
        cancelled.await();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void aCancelledFutureOfAClosedLoop_isNoError() {
        EventLoop closing = EventLoop.start("closing");
        CompletableFuture<?> future = closing.submit(() -> sleep(HOUR)).toCompletableFuture();
        closing.close();
        assertThat(future).isCancelled();
        assertThat(future.cancel(true)).isTrue();
        CompletableFuture<Integer> late = closing.<Integer>newPromise().toCompletableFuture();
        assertThat(late).isCancelled();
    }

    @Test
    void aTasksFuture_hasItsValueOrItsFailure() {
        assertThat(loop.submit(() -> 1).toCompletableFuture().join()).isEqualTo(1);
        RuntimeException boom = new RuntimeException("boom");
        CompletableFuture<?> failed =
                loop.submit(
                                () -> {
                                    throw boom;
                                })
                        .toCompletableFuture();
        assertThatThrownBy(failed::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isSameAs(boom);
    }

    @Test
    void cancelFromAnotherThread_reachesTheTask() {
        Task<?> task = loop.submit(() -> sleep(HOUR));
        assertThat(task.cancel("from outside")).isTrue();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
        assertThat(task.cancel()).isFalse();
    }

    @Test
    void join_isRefusedOnALoop_andInAnyCoroutine() {
        Task<?> task = loop.submit(() -> sleep(HOUR));
        assertThatThrownBy(() -> Async.run(() -> task.join()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use await()");
        assertThatThrownBy(() -> loop.submit(() -> task.join()).join())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptedJoin_leavesTheTaskAlone() throws Exception {
        Task<?> task = loop.submit(() -> sleep(HOUR));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread joiner =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                task.join();
                            } catch (CompletionException e) {
                                thrown.complete(Thread.currentThread().isInterrupted() ? e : null);
                            }
                        });
        joiner.interrupt();
        assertThat(thrown.get()).hasCauseInstanceOf(InterruptedException.class);
        assertThat(task.isDone()).isFalse();
    }

    @Test
    void aPromiseCompletedByAnotherThread_wakesItsAwaiter() {
        Task<String> task =
                loop.submit(() -> {
                    Promise<String> promise = currentLoop().newPromise();
                    Thread.ofVirtual().start(() -> promise.complete("from outside"));
                    return promise.await();
                });
        assertThat(task.join()).isEqualTo("from outside");
    }

    @Test
    void ofTwoThreadsThatCompleteAPromise_oneLoses_andIsHeard() throws Exception {
        List<Throwable> reported = new ArrayList<>();
        loop.onError(reported::add);
        CountDownLatch blocked = new CountDownLatch(1);
        Promise<Integer> promise = loop.newPromise();
        loop.callSoon(() -> awaitPlainly(blocked));
        promise.complete(1);
        promise.complete(2);
        blocked.countDown();
        assertThat(loop.submit(() -> promise.await()).join()).isEqualTo(1);
        assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void awaitingAStage_givesItsValueOrItsFailureUnwrapped() {
        RuntimeException boom = new RuntimeException("boom");
        IOException checked = new IOException("disk");
        loop.submit(
                        () -> {
                            assertThat(await(CompletableFuture.supplyAsync(() -> 7))).isEqualTo(7);
                            assertThatThrownBy(() ->
                                            await(
                                                    CompletableFuture.failedFuture(boom)
                                                            .thenApply(x -> x)))
                                    .isSameAs(boom);
                            assertThatThrownBy(() -> await(CompletableFuture.failedFuture(checked)))
                                    .isInstanceOf(CompletionException.class)
                                    .cause()
                                    .isSameAs(checked);
                            CompletionStage<Integer> minimal =
                                    CompletableFuture.completedFuture(3).minimalCompletionStage();
                            assertThat(await(minimal)).isEqualTo(3);
                        })
                .join();
    }

    @Test
    void awaitingACompleteStage_doesNotSuspend() {
        List<String> trail = new ArrayList<>();
        Async.run(() -> {
            currentLoop().callSoon(() -> trail.add("other"));
            await(CompletableFuture.completedFuture(1));
            trail.add("main");
            yieldNow();
        });
        assertThat(trail).containsExactly("main", "other");
    }

    @Test
    void cancellingTheAwaiter_cancelsTheStage_andTheOtherWayRound() {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        Task<?> awaiter = loop.submit(() -> await(first));
        loop.submit(Async::yieldNow).join();
        awaiter.cancel();
        assertThatThrownBy(awaiter::join).isInstanceOf(CancellationException.class);
        assertThat(first).isCancelled();

        CompletableFuture<Integer> second = new CompletableFuture<>();
        Task<?> other = loop.submit(() -> await(second));
        second.cancel(true);
        assertThatThrownBy(other::join).isInstanceOf(CancellationException.class);
        assertThat(other.isCancelled()).isTrue();
        assertThat(other.cancelling()).isZero();
    }

    @Test
    void aStageThatGivesNoFuture_isLeftAloneByACancel() {
        CompletableFuture<Integer> source = new CompletableFuture<>();
        Task<?> awaiter = loop.submit(() -> await(unsupporting(source)));
        loop.submit(Async::yieldNow).join();
        awaiter.cancel();
        assertThatThrownBy(awaiter::join).isInstanceOf(CancellationException.class);
        assertThat(source.isDone()).isFalse();
        source.complete(1);
    }

    private static CompletionStage<Integer> unsupporting(CompletableFuture<Integer> source) {
        return new CompletableFuture<Integer>() {
            {
                source.whenComplete((value, failure) -> complete(value));
            }

            @Override
            public CompletableFuture<Integer> toCompletableFuture() {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void anInterruptOfTheThreadThatRuns_cancelsMain_andTheStatusIsKept() throws Exception {
        CompletableFuture<Object> seen = new CompletableFuture<>();
        CountDownLatch sleeping = new CountDownLatch(1);
        Thread runner =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                Async.run(() -> {
                                    sleeping.countDown();
                                    sleep(HOUR);
                                });
                            } catch (CancellationException e) {
                                seen.complete(Thread.currentThread().isInterrupted());
                            }
                        });
        sleeping.await();
        runner.interrupt();
        assertThat(seen.get()).isEqualTo(true);
    }

    @Test
    void theOrderOfEachForeignThread_isKept_underLoad() throws Exception {
        int threads = 4;
        int each = 20_000;
        List<List<Integer>> seen = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<Integer> own = new ArrayList<>();
            seen.add(own);
            senders.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < each; i++) {
                                    int number = i;
                                    loop.callSoon(() -> own.add(number));
                                }
                            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        loop.submit(() -> {}).join();
        for (List<Integer> own : seen) {
            assertThat(own).hasSize(each).isSorted();
        }
    }

    @Test
    void aRaceOfCancelAndCompletion_alwaysEndsTheTaskOnce() {
        for (int i = 0; i < 5_000; i++) {
            CompletableFuture<Integer> source = new CompletableFuture<>();
            Task<Integer> task = loop.submit(() -> await(source));
            Thread completer = Thread.ofVirtual().start(() -> source.complete(1));
            task.cancel();
            try {
                assertThat(task.join()).isEqualTo(1);
            } catch (CancellationException e) {
                assertThat(task.isCancelled()).isTrue();
            }
            assertThat(completer).isNotNull();
        }
        assertThat(loop.submit(() -> Async.allTasks().size()).join()).isEqualTo(1);
    }

    @Test
    void createTask_inACallbackThatAnotherThreadSent_works() {
        CompletableFuture<String> seen = new CompletableFuture<>();
        loop.callSoon(() -> createTask(() -> seen.complete("made")));
        assertThat(seen.join()).isEqualTo("made");
    }
}
