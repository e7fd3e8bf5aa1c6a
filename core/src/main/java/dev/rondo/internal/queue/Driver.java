package dev.rondo.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * What runs a loop's passes, one after another on one thread, and waits between them. The loop asks
 * only whether it is on that thread, and to be woken; it does not know whose thread it is.
 */
public abstract sealed class Driver permits ThreadDriver, HostedDriver {
    /** {@link Work#pass} says with this that there is nothing more to run, ever. */
    public static final long FINISHED = -1;

    /** {@link Work#pass} says with this that only {@link #wake} will bring something to run. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    /** What there is to run. */
    public interface Work {
        /**
         * Runs one pass.
         *
         * @return how many nanoseconds the driver may wait before the next one, or {@link
         *     #FOR_EVER}, or {@link #FINISHED}
         */
        long pass();

        /** True if a pass would find something that came from another thread. */
        boolean hasMail();

        /** There will be no pass any more, for the thread is gone: whoever waits is told. */
        void abandon(Throwable cause);
    }

    Driver() {}

    /** Starts to run passes. */
    public abstract void start();

    /** Waits until the last pass has run. Not on the driver's own thread. */
    public abstract void join() throws InterruptedException;

    /** Waits, at most for so many nanoseconds. */
    public abstract void join(long nanos) throws InterruptedException;

    /** True until the last pass has run. */
    public abstract boolean isAlive();

    /**
     * True on the thread that runs the passes, outside any coroutine. Whoever is told so may add to
     * what is ready: a pass follows.
     */
    public abstract boolean isCurrent();

    /** As {@link #isCurrent}, within a pass. */
    public abstract boolean isInPass();

    /** Sees to it that a pass comes soon. From any thread, after leaving work for it. */
    public abstract void wake();

    /** True while there is nothing to run. */
    public abstract boolean isAsleep();

    /** The thread, for its stack trace; null if it is not known yet. */
    public abstract @Nullable Thread thread();

    /** Looks, now and then, whether there still is a thread. */
    public void checkThread() {}
}
