package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

/**
 * One coroutine's virtual thread, and the only piece that knows how a coroutine is suspended.
 *
 * <p>Control is in one place at a time: the loop's thread calls {@link #resume} and gets control
 * back when the coroutine calls {@link #suspend} or its body ends. A coroutine that blocks in any
 * other way (a lock, a sleep, a read) keeps control: {@code resume} does not return, so that the
 * code between two suspensions is atomic for everything else on the loop.
 *
 * <p>The fiber is its thread's uncaught exception handler. That makes {@link #current} a field
 * read, with no thread-local map for every coroutine, and gives the loop what code on the thread
 * hands to the handler by itself.
 */
public abstract sealed class Fiber implements Runnable, Thread.UncaughtExceptionHandler
        permits MountedFiber, HandoffFiber {

    /** What a fiber runs, and whom it tells. */
    public interface Body {
        /** The thread's name. */
        String threadName();

        /** The coroutine; called once, on the fiber's thread; must not throw. */
        void run();

        /** The fiber's thread was interrupted while it was suspended; called on any thread. */
        void interrupted();

        /** Code on the fiber's thread gave this to the thread's uncaught exception handler. */
        void uncaught(Throwable failure);

        /**
         * Runs the action on the loop's thread, between two steps.
         *
         * @return false, and nothing will run, once the loop is closed
         */
        boolean post(Runnable action);
    }

    final Body body;

    Fiber(Body body) {
        this.body = body;
    }

    /** Runs the coroutine until it suspends or ends. Only on the loop's thread. */
    public abstract void resume();

    /** Gives control back until the next {@link #resume}. Only on the fiber's own thread. */
    public abstract void suspend();

    /** As {@link #suspend}, for one that is ready again at once. */
    public void giveWay() {
        suspend();
    }

    /** The coroutine's thread, for its stack trace. */
    public abstract Thread thread();

    /** What this fiber runs. */
    public final Body body() {
        return body;
    }

    /** The fiber whose thread this is, or null. */
    public static @Nullable Fiber current() {
        return of(Thread.currentThread());
    }

    /** The fiber whose thread it is, or null. */
    public static @Nullable Fiber of(Thread thread) {
        // Another thread may have been given the same handler.
        return thread.isVirtual()
                        && thread.getUncaughtExceptionHandler() instanceof Fiber fiber
                        && fiber.thread() == thread
                ? fiber
                : null;
    }

    @Override
    public final void uncaughtException(Thread thread, Throwable failure) {
        body.uncaught(failure);
    }
}
