package dev.rondo.internal.loop;

import dev.rondo.Handle;
import dev.rondo.Task;
import dev.rondo.Waited;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The current task waits for several others, without touching them: asyncio's {@code wait}. */
final class Waiting {
    private final WaitUntil until;
    private final LoopPromise<@Nullable Object> over;
    private int pending;

    private Waiting(LoopCore loop, WaitUntil until, int pending) {
        this.until = until;
        this.pending = pending;
        over = new LoopPromise<>(loop);
    }

    /** Waits for one, whatever becomes of it; if the waiting is cancelled, it goes on. */
    static void untilDone(SuspendingTask<?> current, LoopFuture<?> future) {
        Waiting waiting = new Waiting(current.loop, WaitUntil.ALL, 1);
        waiting.await(List.of(future), Long.MAX_VALUE);
    }

    /**
     * @param deadline when to give up, on the loop's clock; {@code Long.MAX_VALUE}: never
     */
    static <T extends @Nullable Object> Waited<T> run(
            SuspendingTask<?> current,
            Collection<? extends Task<T>> given,
            WaitUntil until,
            long deadline) {
        LoopCore loop = current.loop;
        Set<Task<T>> tasks = new LinkedHashSet<>();
        for (Task<T> task : given) {
            tasks.add(Objects.requireNonNull(task, "one of the tasks is null"));
        }
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("There is no task to wait for");
        }
        List<LoopFuture<T>> futures = Awaitables.toFutures(loop, tasks);
        new Waiting(loop, until, tasks.size()).await(futures, deadline);
        Set<Task<T>> done = new LinkedHashSet<>();
        Set<Task<T>> pending = new LinkedHashSet<>();
        for (Task<T> task : tasks) {
            (task.isDone() ? done : pending).add(task);
        }
        return new Waited<>(
                Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending));
    }

    private void await(List<? extends LoopFuture<?>> tasks, long deadline) {
        StackRoom.ensure();
        List<TaskWaiter> waiters = new ArrayList<>();
        for (LoopFuture<?> task : tasks) {
            TaskWaiter waiter = new TaskWaiter(task);
            waiters.add(waiter);
            task.addWaiter(waiter);
        }
        Handle timer =
                deadline == Long.MAX_VALUE
                        ? null
                        : over.loop.callAt(deadline, null, () -> over.settleValue(null));
        try {
            over.await();
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            for (TaskWaiter waiter : waiters) {
                if (!waiter.task.isDone()) {
                    waiter.task.removeWaiter(waiter);
                }
            }
        }
    }

    private final class TaskWaiter extends Waiter {
        private final LoopFuture<?> task;

        TaskWaiter(LoopFuture<?> task) {
            this.task = task;
        }

        @Override
        public void run() {
            pending--;
            if (pending == 0
                    || until == WaitUntil.FIRST
                    || (until == WaitUntil.FIRST_FAILURE && task.hasFailed())) {
                over.settleValue(null);
            }
        }
    }
}
