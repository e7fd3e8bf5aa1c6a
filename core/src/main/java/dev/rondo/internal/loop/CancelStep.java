package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A task on the path of a {@link CancelWalk}, and how far the walk is with what it waits for. */
abstract class CancelStep {
    /** What becomes of a request, for whoever waits there. */
    enum Answer {
        /** It is too late: this has ended, or will without it. */
        REFUSED,
        /** This will end by it; or is not to be asked, and in no circle. */
        ACCEPTED,
        /** This waits for a task on the path, and cannot leave that. */
        CIRCLE
    }

    final @Nullable CancelStep before;

    /** Whether the task is asked; else the walk looks for circles only. */
    final boolean asks;

    boolean onPath = true;

    CancelStep(@Nullable CancelStep before, boolean asks) {
        this.before = before;
        this.asks = asks;
    }

    /** What the task waits for and the walk has not visited; null: nothing more. */
    abstract @Nullable LoopFuture<?> next();

    /** Whether what was next is to be asked. */
    abstract boolean asksNext();

    /** The answer of what was next. */
    abstract void take(Answer answer);

    /** The task's own answer, after the last one. */
    abstract Answer end();
}
