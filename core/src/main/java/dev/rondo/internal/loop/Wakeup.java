package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** Resumes the task; one object for the whole life of it, unless it is lost. */
final class Wakeup extends Waiter {
    /** Null if it was lost: the task has another. */
    @Nullable SuspendingTask<?> task;

    Wakeup(SuspendingTask<?> task) {
        this.task = task;
    }

    @Override
    public void run() {
        SuspendingTask<?> resumed = task;
        if (resumed != null) {
            resumed.step();
        }
    }

    @Override
    @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
        SuspendingTask<?> waiting = task;
        return waiting != null && waiting.awaited() == awaited ? waiting : null;
    }

    @Override
    public String toString() {
        SuspendingTask<?> resumed = task;
        return resumed == null ? "a lost wakeup" : resumed.label();
    }
}
