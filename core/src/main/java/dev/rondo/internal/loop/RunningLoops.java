package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The loops that run now, for those who have only a thread to ask by. */
final class RunningLoops {
    static final List<LoopCore> ALL = new CopyOnWriteArrayList<>();

    private RunningLoops() {}

    /** The loop whose own thread this is. */
    static @Nullable LoopCore ofThisThread() {
        for (LoopCore loop : ALL) {
            if (loop.life.isDrivenHere()) {
                return loop;
            }
        }
        return null;
    }

    /** The loop that runs a pass on this thread: not where a host's own task has called. */
    static @Nullable LoopCore inPassHere() {
        for (LoopCore loop : ALL) {
            if (loop.life.isInPassHere()) {
                return loop;
            }
        }
        return null;
    }

    /** Whether a loop is driven by the thread, or runs a coroutine on it. */
    static boolean isOneOf(Thread thread) {
        for (LoopCore loop : ALL) {
            SuspendingTask<?> running = loop.running;
            if (loop.life.thread() == thread || (running != null && running.thread() == thread)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The task whose coroutine runs on this thread, for the rare coroutine that has replaced its
     * thread's uncaught exception handler, by which it is found otherwise.
     */
    static @Nullable SuspendingTask<?> taskOfThisThread() {
        Thread thread = Thread.currentThread();
        if (thread.isVirtual()) {
            for (LoopCore loop : ALL) {
                SuspendingTask<?> running = loop.running;
                if (running != null && running.thread() == thread) {
                    return running;
                }
            }
        }
        return null;
    }
}
