package dev.rondo.internal.queue;

import dev.rondo.internal.fiber.FiberKind;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs a loop's passes and sleeps between them: a thread of its own. The loop asks only
 * whether it is on that thread, and to be woken; it does not know what kind of thread it is.
 */
public final class Driver {
    /** {@link Work#pass} says with this that there is nothing more to run, ever. */
    public static final long FINISHED = -1;

    /** {@link Work#pass} says with this that only {@link #wake} will bring something to run. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    /** What there is to run. */
    public interface Work {
        /**
         * Runs one pass.
         *
         * @return how many nanoseconds the driver may sleep before the next one, or {@link
         *     #FOR_EVER}, or {@link #FINISHED}
         */
        long pass();

        /** True if a pass would find something that came from another thread. */
        boolean hasMail();
    }

    private final Work work;
    private final Thread thread;
    private final FiberKind kind;
    private volatile boolean asleep;

    /** A driver that has not started; its thread takes the caller's context class loader. */
    public Driver(String name, FiberKind kind, Work work) {
        this.work = work;
        this.kind = kind;
        thread = kind.newLoopThread(name, this::drive);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    }

    /** Starts to run passes. */
    public void start() {
        thread.start();
    }

    /** Waits until the last pass has run. Not on the driver's own thread. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /** Waits, at most for so many nanoseconds. */
    public void join(long nanos) throws InterruptedException {
        thread.join(Duration.ofNanos(nanos));
    }

    /** True until the last pass has run. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** True on the thread that runs the passes, outside any coroutine. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the driver's sleep if it sleeps. From any thread, after leaving work for it. */
    public void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** True while there is nothing to run. */
    public boolean isAsleep() {
        return asleep;
    }

    /** The thread, for its stack trace. */
    public Thread thread() {
        return thread;
    }

    private void drive() {
        kind.awake(thread);
        for (long idle = work.pass(); idle != FINISHED; idle = work.pass()) {
            if (idle > 0) {
                try {
                    sleep(idle);
                } catch (OutOfMemoryError e) {
                    // A virtual thread needs memory to sleep; without, the next pass comes at once.
                    asleep = false;
                }
            }
        }
    }

    private void sleep(long nanos) {
        kind.asleep();
        // The mail is looked at after `asleep` is set, and wake() looks at `asleep` after the mail
        // is left: one of the two sees the other.
        asleep = true;
        if (!work.hasMail()) {
            if (nanos == FOR_EVER) {
                // Without a timer of the system's, which would cost on the way to sleep and back.
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
            // An interrupt of the loop's own thread means nothing and would make every park return.
            Thread.interrupted();
        }
        asleep = false;
        kind.awake(thread);
    }
}
