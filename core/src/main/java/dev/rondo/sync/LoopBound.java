package dev.rondo.sync;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

/** What belongs to the loop that uses it first. */
abstract class LoopBound {
    private @Nullable EventLoop loop;

    LoopBound() {}

    /** The loop this is called on, which must be the one it belongs to. */
    final EventLoop enter() {
        EventLoop here = Async.currentLoop();
        EventLoop owner = loop;
        if (owner == null) {
            owner = bind(here);
        }
        if (owner != here) {
            throw new IllegalStateException(
                    this
                            + " belongs to the loop that used it first, not to "
                            + here
                            + "; submit() the work to its loop, or give each loop its own");
        }
        return here;
    }

    /** Under a lock: two loops may come at once. */
    private synchronized EventLoop bind(EventLoop here) {
        EventLoop owner = loop;
        if (owner == null) {
            loop = here;
            return here;
        }
        return owner;
    }

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
