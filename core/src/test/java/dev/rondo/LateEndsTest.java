package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.BooleanSupplier;

/** For sources of results that may be late, or shall stop: tryComplete, onCancel, Handle. */
class LateEndsTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    /** Does it on a plain thread, while the loop stands still. */
    private static boolean elsewhere(BooleanSupplier code) {
        return CompletableFuture.supplyAsync(code::getAsBoolean).join();
    }

    @Test
    void tryCompleteAndTryFail_endItOnce_andSayWhetherTheyDid() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Promise<Integer> completed = currentLoop().newPromise();
            assertThat(completed.tryComplete(1)).isTrue();
            assertThat(completed.tryComplete(2)).isFalse();
            assertThat(completed.tryFail(boom)).isFalse();
            assertThat(completed.await()).isEqualTo(1);

            Promise<Integer> failed = currentLoop().newPromise();
            assertThat(failed.tryFail(boom)).isTrue();
            assertThat(failed.tryComplete(1)).isFalse();
            assertThatThrownBy(failed::await).isSameAs(boom);

            Promise<Integer> cancelled = currentLoop().newPromise();
            cancelled.cancel();
            assertThat(cancelled.tryComplete(1)).isFalse();
            assertThatThrownBy(() -> cancelled.tryFail(null))
                    .isInstanceOf(NullPointerException.class);
        });
    }

    @Test
    void fromAnotherThread_theLoopDecides_andALoserIsSilent() {
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build()) {
            loop.run(() -> {
                Promise<Integer> promise = loop.newPromise();
                assertThat(elsewhere(() -> promise.tryComplete(1))).isTrue();
                assertThat(elsewhere(() -> promise.tryFail(new RuntimeException()))).isTrue();
                assertThat(promise.isDone()).isFalse();
                assertThat(promise.await()).isEqualTo(1);
                assertThat(elsewhere(() -> promise.tryComplete(2))).isFalse();

                Promise<Integer> ended = loop.newPromise();
                assertThat(elsewhere(() -> ended.tryComplete(1))).isTrue();
                ended.complete(2);
                sleep(ofSeconds(1));
                assertThat(ended.result()).isEqualTo(2);
            });
        }
        assertThat(trail).isEmpty();
    }

    @Test
    void onAClosedLoop_theyAreTooLate() {
        EventLoop loop = EventLoop.create();
        Promise<Integer> promise = loop.newPromise();
        loop.close();
        assertThat(promise.tryComplete(1)).isFalse();
        assertThat(promise.tryFail(new RuntimeException())).isFalse();
        assertThat(promise.cancel()).isFalse();
        assertThat(promise.isDone()).isFalse();
    }

    @Test
    void onCancel_isCalledWithinTheCancellingCall_beforeAnyWaiterGoesOn_once() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise(() -> trail.add("stopped"));
            Task<?> waiter =
                    createTask(() -> {
                        try {
                            promise.await();
                        } finally {
                            trail.add("waiter");
                        }
                    });
            yieldNow();
            assertThat(promise.cancel()).isTrue();
            trail.add("cancel returns");
            assertThat(promise.cancel()).isFalse();
            gatherSettled(waiter).await();

            Promise<Integer> awaited = currentLoop().newPromise(() -> trail.add("stopped too"));
            Task<?> other = createTask(() -> awaited.await());
            yieldNow();
            other.cancel();
            trail.add("cancel of the task returns");
            gatherSettled(other).await();
            assertThat(awaited.isCancelled()).isTrue();
        });
        assertThat(trail)
                .containsExactly(
                        "stopped",
                        "cancel returns",
                        "waiter",
                        "stopped too",
                        "cancel of the task returns");
    }

    @Test
    void onCancel_isNotCalledForAnotherEnd_andFromAnotherThreadItRunsOnTheLoop() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            Promise<Integer> completed = loop.newPromise(() -> trail.add("wrong"));
            completed.complete(1);
            completed.cancel();
            loop.<Integer>newPromise(() -> trail.add("wrong")).tryFail(new CancellationException());
            Promise<Integer> cancelled = loop.newPromise(() -> trail.add(loop.inLoop()));
            assertThat(elsewhere(cancelled::cancel)).isTrue();
            assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly(true);
    }

    @Test
    void anOnCancelThatThrows_isReported_andItIsCancelledAllTheSame() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop =
                EventLoop.builder().clock(new VirtualClock()).onError(trail::add).build()) {
            loop.run(() -> {
                Promise<Integer> promise =
                        loop.newPromise(() -> {
                            throw boom;
                        });
                assertThat(promise.cancel()).isTrue();
                assertThatThrownBy(promise::await).isInstanceOf(CancellationException.class);
            });
            assertThatThrownBy(() -> loop.newPromise((Runnable) null))
                    .isInstanceOf(NullPointerException.class);
        }
        assertThat(trail).containsExactly(boom);
    }

    @Test
    void aCallbackOfOnDone_canBeTakenBack_alsoWhenItIsQueued_andAlsoFromAnotherThread() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            promise.onDone(done -> trail.add("first"));
            Handle waiting = promise.onDone(done -> trail.add("taken back while it waits"));
            Handle queued = promise.onDone(done -> trail.add("taken back when queued"));
            Handle abroad = promise.onDone(done -> trail.add("taken back from abroad"));
            Handle late = promise.onDone(done -> trail.add("last"));
            waiting.cancel();
            waiting.cancel();
            elsewhere(() -> {
                abroad.cancel();
                return true;
            });
            promise.complete(1);
            queued.cancel();
            sleep(ofSeconds(1));
            late.cancel();
            Handle ofOneThatIsDone = promise.onDone(done -> trail.add("taken back at once"));
            ofOneThatIsDone.cancel();
            Task<?> task = createTask(() -> {});
            task.onDone(done -> trail.add("taken back from a task")).cancel();
            sleep(ofSeconds(1));
        });
        assertThat(trail).containsExactly("first", "last");
    }

    @Test
    void aCallbackTakenBackAfterTheLoopHasClosed_isNoError() {
        EventLoop loop = EventLoop.create();
        Handle handle = loop.newPromise().onDone(trail::add);
        loop.close();
        handle.cancel();
        assertThat(trail).isEmpty();
    }

    @Test
    void closeAsync_fromWithin_closesTheLoopWhenItsTasksHaveEnded() throws Exception {
        EventLoop loop = EventLoop.start("closing");
        Task<CompletableFuture<Void>> closing =
                loop.submit(() -> {
                    createTask(() -> {
                        try {
                            sleep(ofHours(1));
                        } finally {
                            yieldNow();
                            trail.add("cleaned up");
                        }
                    });
                    yieldNow();
                    CompletableFuture<Void> closed = loop.closeAsync();
                    assertThat(closed.isDone()).isFalse();
                    assertThat(loop.isClosed()).isFalse();
                    loop.closeAsync();
                    return closed;
                });
        CompletableFuture<Void> closed = closing.join();
        closed.get(30, TimeUnit.SECONDS);
        assertThat(loop.isClosed()).isTrue();
        assertThat(trail).containsExactly("cleaned up");
        assertThat(loop.closeAsync()).isCompleted();
        loop.close();
        assertThatThrownBy(() -> loop.submit(() -> 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closeAsync_ofALoopThatDoesNotRun_isDoneAtOnce_orWhenWhatWasSubmittedIsCancelled()
            throws Exception {
        EventLoop idle = EventLoop.create();
        assertThat(idle.closeAsync()).isCompleted();
        assertThat(idle.isClosed()).isTrue();
        EventLoop withWork = EventLoop.create();
        Task<Integer> task = withWork.submit(() -> 1);
        withWork.closeAsync().get(30, TimeUnit.SECONDS);
        assertThat(withWork.isClosed()).isTrue();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void closeAsync_whoeverCompletesItsFuture_completesOnlyACopy_andDuringRunItIsRefused()
            throws Exception {
        EventLoop loop = EventLoop.start("copies");
        CountDownLatch blocked = new CountDownLatch(1);
        loop.submit(() -> blocked.await());
        CompletableFuture<Void> first = loop.closeAsync();
        first.complete(null);
        assertThat(loop.closeAsync()).isNotCompleted();
        blocked.countDown();
        loop.closeAsync().get(30, TimeUnit.SECONDS);
        VirtualClock.run(() ->
                assertThatThrownBy(() -> currentLoop().closeAsync())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("is in run()"));
    }

    @Test
    void isLoopThread_isTrueForTheLoopsAndForCoroutines_alsoForThoseThatAreSuspended() {
        VirtualClock.run(() -> {
            Thread[] threads = new Thread[2];
            currentLoop().callSoon(() -> threads[0] = Thread.currentThread());
            createTask(() -> {
                threads[1] = Thread.currentThread();
                sleep(ofSeconds(1));
            });
            yieldNow();
            trail.add(EventLoop.isLoopThread(Thread.currentThread()));
            trail.add(EventLoop.isLoopThread(threads[0]));
            trail.add(EventLoop.isLoopThread(threads[1]));
            trail.add(toThread(() -> EventLoop.isLoopThread(Thread.currentThread())).await());
        });
        trail.add(EventLoop.isLoopThread(Thread.currentThread()));
        assertThat(trail).containsExactly(true, true, true, false, false);
    }

    @Test
    void epochMillis_isTheTimeOfDay_andUnderAVirtualClockBeganWithIt() {
        VirtualClock.run(() -> {
            assertThat(currentLoop().epochMillis()).isZero();
            sleep(ofSeconds(3));
            assertThat(currentLoop().epochMillis()).isEqualTo(3_000);
        });
        try (EventLoop loop = EventLoop.create()) {
            long before = System.currentTimeMillis();
            long now = loop.epochMillis();
            assertThat(now).isBetween(before, System.currentTimeMillis());
        }
    }
}
