package dev.rondo.sync;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to the loop that uses it first; and, once that one has closed and nobody has left
 * anything in it, to the next.
 */
abstract class LoopBound {
    private @Nullable EventLoop loop;

    LoopBound() {}

    /** The loop this is called on, which must be the one it belongs to. */
    final EventLoop enter() {
        EventLoop here = Async.currentLoop();
        if (loop != here) {
            bind(here);
        }
        return here;
    }

    /** Under a lock: two loops may come at once. */
    private synchronized void bind(EventLoop here) {
        EventLoop owner = loop;
        if (owner == null || owner == here || (owner.isClosed() && isUnused())) {
            loop = here;
            return;
        }
        throw new IllegalStateException(
                this
                        + (owner.isClosed()
                                ? " is still held from a loop that has closed; release it before"
                                        + " its loop ends, or give each loop its own"
                                : " belongs to the loop that used it first, not to "
                                        + here
                                        + "; submit() the work to its loop, or give each loop its"
                                        + " own"));
    }

    /** Whether nobody holds it or waits for it: another loop may use it when its own has closed. */
    abstract boolean isUnused();

    /** As {@link #enter}, for what may suspend: a callback may not call it, not even in luck. */
    final EventLoop enterToWait() {
        EventLoop here = enter();
        if (Async.currentTask() == null) {
            throw new IllegalStateException(
                    "Only a coroutine can wait for "
                            + this
                            + "; a callback can use a try form, or make a task with createTask()");
        }
        return here;
    }

    /** What goes into the brackets of {@link #toString}; read only when nobody else writes it. */
    abstract String state();

    @Override
    public final String toString() {
        EventLoop owner = loop;
        boolean still = owner == null || owner.inLoop() || owner.isClosed();
        return getClass().getSimpleName() + "[" + (still ? state() : "of " + owner) + "]";
    }
}
