package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Promises, and what tasks share with them. */
class PromiseTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aPendingOne_hasNoResultAndNoException() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            assertThat(promise.isDone()).isFalse();
            assertThatThrownBy(promise::result)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is not done yet; await it");
            assertThatThrownBy(promise::exception).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void aCancelledOne_throwsFromResultAndException() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            assertThat(promise.cancel()).isTrue();
            assertThat(promise.isDone()).isTrue();
            assertThat(promise.isCancelled()).isTrue();
            assertThatThrownBy(promise::result).isInstanceOf(CancellationException.class);
            assertThatThrownBy(promise::exception).isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void itEndsOnce() {
        VirtualClock.run(() -> {
            Promise<Integer> done = currentLoop().newPromise();
            done.complete(1);
            Promise<Integer> cancelled = currentLoop().newPromise();
            cancelled.cancel();
            for (Promise<Integer> ended : List.of(done, cancelled)) {
                assertThatThrownBy(() -> ended.complete(2))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has ended already");
                assertThatThrownBy(() -> ended.fail(new RuntimeException()))
                        .isInstanceOf(IllegalStateException.class);
                assertThat(ended.cancel()).isFalse();
            }
            assertThat(done.result()).isEqualTo(1);
        });
    }

    @Test
    void completing_runsNothingInline_andWaitersGoInTheOrderTheyCame() {
        VirtualClock.run(() -> {
            Promise<String> promise = currentLoop().newPromise();
            promise.onDone(p -> trail.add("first " + p.result()));
            Task<?> task = createTask(() -> trail.add("task " + promise.await()));
            yieldNow();
            promise.onDone(p -> trail.add("second " + p.result()));
            promise.complete("v");
            trail.add("completed");
            task.await();
        });
        assertThat(trail).containsExactly("completed", "first v", "task v", "second v");
    }

    @Test
    void aCallbackAddedAfterTheEnd_isQueued_andOneAddedByACallbackRunsAPassLater() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(1);
            promise.onDone(p -> {
                trail.add("outer");
                p.onDone(q -> trail.add("inner"));
            });
            trail.add("added");
            yieldNow();
            trail.add("pass 1");
            yieldNow();
            trail.add("pass 2");
        });
        assertThat(trail).containsExactly("added", "outer", "pass 1", "inner", "pass 2");
    }

    @Test
    void theSameCallbackAddedTwice_runsTwice() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Consumer<Task<Integer>> callback = p -> trail.add(p.result());
            promise.onDone(callback);
            promise.onDone(callback);
            promise.complete(7);
            yieldNow();
        });
        assertThat(trail).containsExactly(7, 7);
    }

    @Test
    void aCallbackThatThrows_disturbsNeitherTheOthersNorAWaitingTask() {
        RuntimeException boom = new RuntimeException("boom");
        try (EventLoop loop = EventLoop.builder().onError(trail::add).build()) {
            loop.run(() -> {
                Promise<Integer> promise = loop.newPromise();
                promise.onDone(p -> {
                    throw boom;
                });
                promise.onDone(p -> trail.add("other"));
                Task<Integer> task = createTask(promise::await);
                yieldNow();
                promise.complete(1);
                assertThat(task.await()).isEqualTo(1);
            });
        }
        assertThat(trail).containsExactly(boom, "other");
    }

    @Test
    void callbacksAreCalledForACancellationToo() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            promise.onDone(p -> trail.add(p.isCancelled()));
            promise.cancel();
            yieldNow();
        });
        assertThat(trail).containsExactly(true);
    }

    @Test
    void everyAwaiterGetsTheSameException_andEachLaterAwaitThrowsItAgain() {
        RuntimeException boom = new RuntimeException("boom");
        VirtualClock.run(() -> {
            Task<?> failing =
                    createTask(() -> {
                        yieldNow();
                        throw boom;
                    });
            List<Task<?>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add(createTask(() -> failing.await()));
            }
            for (Task<?> waiter : waiters) {
                assertThatThrownBy(waiter::await).isSameAs(boom);
            }
            assertThatThrownBy(failing::await).isSameAs(boom);
        });
        assertThat(boom.getSuppressed()).isEmpty();
    }

    @Test
    void awaitingWhatIsDone_doesNotSuspend() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            promise.complete(1);
            currentLoop().callSoon(() -> trail.add("other"));
            for (int i = 0; i < 1000; i++) {
                promise.await();
                Async.gather().await();
            }
            trail.add("main");
            yieldNow();
        });
        assertThat(trail).containsExactly("main", "other");
    }

    @Test
    void completedWithNull_itGivesNull() {
        VirtualClock.run(() -> {
            Promise<String> promise = currentLoop().newPromise();
            promise.complete(null);
            assertThat(promise.await()).isNull();
            assertThat(promise.exception()).isNull();
            assertThat(promise.isDone()).isTrue();
        });
    }

    @Test
    void aValueThatIsAnException_isAValue() {
        VirtualClock.run(() -> {
            Promise<Throwable> promise = currentLoop().newPromise();
            RuntimeException value = new RuntimeException();
            promise.complete(value);
            assertThat(promise.await()).isSameAs(value);
            assertThat(promise.exception()).isNull();
        });
    }

    @Test
    void toString_tellsTheState() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            assertThat(promise.toString()).startsWith("Promise@").endsWith("[pending]");
            promise.complete(1);
            assertThat(promise.toString()).endsWith("[done]");
            Task<?> task = createTask("job", () -> {});
            assertThat(task).hasToString("Task 'job'[pending]");
            task.cancel();
            yieldNow();
            assertThat(task).hasToString("Task 'job'[cancelled]");
        });
    }
}
