package dev.rondo;

import static dev.rondo.Async.*;
import static dev.rondo.Latches.awaitPlainly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;

/** Blocking calls on threads outside. */
class ToThreadTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @Test
    void aBlockingCall_givesItsResultOrItsFailure_andTheLoopGoesOn() {
        IOException disk = new IOException("disk");
        Async.run(() -> {
            EventLoop loop = currentLoop();
            CountDownLatch latch = new CountDownLatch(1);
            Task<String> task =
                    toThread(() -> {
                        latch.await();
                        return "done, in the loop: " + loop.inLoop();
                    });
            createTask(latch::countDown);
            assertThat(task.await()).isEqualTo("done, in the loop: false");
            assertThatThrownBy(() ->
                            toThread(
                                            () -> {
                                                throw disk;
                                            })
                                    .await())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isSameAs(disk);
            assertThat(gather(toThread(() -> 1), toThread(() -> 2)).await()).containsExactly(1, 2);
        });
    }

    @Test
    void cancelled_theAwaiterIsFreeAtOnce_theThreadIsInterrupted_andRunWaitsForIt() {
        CountDownLatch begun = new CountDownLatch(1);
        Async.run(() -> {
            Task<?> call =
                    toThread(() -> {
                        begun.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } finally {
                            trail.add("interrupted");
                        }
                    });
            Task<?> awaiter = createTask(call::await);
            yieldNow();
            await(CompletableFuture.runAsync(() -> awaitPlainly(begun)));
            awaiter.cancel();
            assertThatThrownBy(awaiter::await).isInstanceOf(CancellationException.class);
            assertThat(call.isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("interrupted");
    }

    @Test
    void cancelled_aCallThatIsToBeLeftAlone_isNotInterrupted() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Async.run(() -> {
            Task<?> call =
                    toThread(
                            OnCancel.LEAVE,
                            () -> {
                                begun.countDown();
                                go.await();
                                trail.add(Thread.currentThread().isInterrupted());
                            });
            await(CompletableFuture.runAsync(() -> awaitPlainly(begun)));
            call.cancel();
            assertThatThrownBy(call::await).isInstanceOf(CancellationException.class);
            go.countDown();
        });
        assertThat(trail).containsExactly(false);
    }

    @Test
    void atTheEndOfRun_aCallNobodyAwaits_isInterruptedAndWaitedFor() {
        Async.run(() -> {
            CountDownLatch begun = new CountDownLatch(1);
            toThread(() -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    trail.add("ended");
                }
            });
            await(CompletableFuture.runAsync(() -> awaitPlainly(begun)));
        });
        assertThat(trail).containsExactly("ended");
    }

    @Test
    void aFailureAfterTheCancel_isReported_unlessItIsTheInterruptsOwn() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop = EventLoop.builder().onError(reported::add).build()) {
            loop.run(() -> {
                CountDownLatch begun = new CountDownLatch(2);
                Task<?> failing =
                        toThread(() -> {
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                throw boom;
                            }
                        });
                Task<?> plain =
                        toThread(() -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                        });
                await(CompletableFuture.runAsync(() -> awaitPlainly(begun)));
                failing.cancel();
                plain.cancel();
            });
        }
        assertThat(reported).containsExactly(boom);
    }

    @Test
    void onAPoolOfOnesOwn_aCancelDoesNotInterruptThePoolsNextJob() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Async.run(() -> {
                for (int i = 0; i < 300; i++) {
                    Task<?> call = toThread(pool, () -> Thread.onSpinWait());
                    yieldNow();
                    call.cancel();
                    Boolean interrupted =
                            toThread(pool, () -> Thread.currentThread().isInterrupted()).await();
                    assertThat(interrupted).isFalse();
                }
            });
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void cancelledBeforeItBegan_theCallNeverRuns_andARejectionIsThrownAtTheCall() {
        ArrayDeque<Runnable> queue = new ArrayDeque<>();
        Async.run(() -> {
            Task<?> call = toThread(queue::add, () -> trail.add("ran"));
            call.cancel();
            queue.remove().run();
            assertThatThrownBy(() ->
                            toThread(
                                    job -> {
                                        throw new RejectedExecutionException("full");
                                    },
                                    () -> 1))
                    .isInstanceOf(RejectedExecutionException.class);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void aVirtualClockWaitsForIt() {
        VirtualClock.run(() -> {
            CountDownLatch go = new CountDownLatch(1);
            Task<?> sleeper =
                    createTask(() -> {
                        sleep(ofNanos(1));
                        trail.add("sleeper");
                    });
            Task<?> call =
                    toThread(() -> {
                        go.await();
                        trail.add("thread");
                    });
            yieldNow();
            go.countDown();
            call.await();
            sleeper.await();
        });
        assertThat(trail).containsExactly("thread", "sleeper");
    }

    @Test
    void outsideALoop_orWithNull_itIsRefused() {
        assertThatThrownBy(() -> toThread(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("No loop runs on this thread");
        Async.run(() -> {
            assertThatThrownBy(() -> toThread((Callable<Integer>) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> toThread((Executor) null, () -> 1))
                    .isInstanceOf(NullPointerException.class);
        });
    }
}
