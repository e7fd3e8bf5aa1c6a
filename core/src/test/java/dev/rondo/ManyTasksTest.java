package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.internal.fiber.FiberKind;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Numbers at which a cost that grows would show. */
class ManyTasksTest {
    /** Frames of compiled code are smaller, and what a process has that has run for a while. */
    @Test
    void aHundredThousandAlive_takeLittleMemory() {
        boolean mounted = FiberKind.chosen() == FiberKind.MOUNTED;
        for (int warmUp = 0; warmUp < 5; warmUp++) {
            bytesOfATask(20_000);
        }
        assertThat(bytesOfATask(100_000)).isLessThan(mounted ? 1500 : 2048);
    }

    private static long bytesOfATask(int many) {
        return VirtualClock.run(() -> {
            long before = liveBytes();
            Promise<Integer> promise = currentLoop().newPromise();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                tasks.add(createTask(promise::await));
            }
            yieldNow();
            long each = (liveBytes() - before) / many;
            promise.complete(1);
            assertThat(gather(tasks).await()).hasSize(many).containsOnly(1);
            return each;
        });
    }

    private static long liveBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aHundredThousandSleepers_endInOrder() {
        int many = 100_000;
        List<Integer> ended = new ArrayList<>();
        VirtualClock.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int number = i;
                tasks.add(
                        createTask(() -> {
                            sleep(Duration.ofMillis(number % 100 + 1));
                            ended.add(number);
                        }));
            }
            gather(tasks).await();
            assertThat(currentLoop().time()).isEqualTo(Duration.ofMillis(100).toNanos());
        });
        assertThat(ended).hasSize(many);
        for (int i = 1; i < many; i++) {
            int before = ended.get(i - 1);
            int now = ended.get(i);
            assertThat(before % 100 < now % 100 || (before % 100 == now % 100 && before < now))
                    .isTrue();
        }
    }

    @Test
    void aDeepChainOfTasks_awaitsAndCancelsWithoutRecursionTrouble() {
        VirtualClock.run(() -> {
            Task<Integer> task = createTask(() -> 0);
            for (int i = 0; i < 50_000; i++) {
                Task<Integer> inner = task;
                task = createTask(() -> inner.await() + 1);
            }
            assertThat(task.await()).isEqualTo(50_000);
        });
    }

    @Test
    void aDeepChainOfTasks_isCancelledFromTheTop() {
        VirtualClock.run(() -> {
            Promise<Integer> promise = currentLoop().newPromise();
            Task<Integer> task = createTask(promise::await);
            for (int i = 0; i < 50_000; i++) {
                Task<Integer> inner = task;
                task = createTask(() -> inner.await() + 1);
            }
            yieldNow();
            yieldNow();
            Task<Integer> top = task;
            top.cancel();
            assertThat(promise.isCancelled()).isTrue();
            assertThatThrownBy(top::await).isInstanceOf(CancellationException.class);
        });
    }

    @Test
    void tasksThatAwaitEachOtherInACircle_canBeCancelled() {
        VirtualClock.run(() -> {
            List<Task<Object>> circle = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int next = (i + 1) % 5;
                circle.add(createTask(() -> circle.get(next).await()));
            }
            Task<Object> outside = createTask(() -> circle.getFirst().await());
            yieldNow();
            outside.cancel();
            Async.gatherSettled(outside).await();
            assertThat(circle).allMatch(Task::isCancelled);
        });
    }
}
