package dev.rondo.internal.loop;

import dev.rondo.internal.fiber.Fiber;

import org.jspecify.annotations.Nullable;

/** The task whose coroutine calls. */
final class Current {
    private Current() {}

    /** The task whose coroutine calls, found from the thread. */
    static @Nullable SuspendingTask<?> orNull() {
        Fiber fiber = Fiber.current();
        return fiber != null ? (SuspendingTask<?>) fiber.body() : RunningLoops.taskOfThisThread();
    }

    /** The task whose coroutine calls; refuses everybody else. */
    static SuspendingTask<?> orThrow(String what) {
        SuspendingTask<?> task = orNull();
        if (task == null) {
            throw new IllegalStateException(
                    "Only a coroutine can "
                            + what
                            + "; start one with Async.run, createTask or EventLoop.submit."
                            + " A plain thread can join() a task, a callback can use onDone.");
        }
        return task;
    }
}
