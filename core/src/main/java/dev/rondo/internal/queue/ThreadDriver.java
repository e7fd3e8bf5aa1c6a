package dev.rondo.internal.queue;

import dev.rondo.internal.fiber.FiberKind;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A driver with a thread of its own, on which it sleeps between passes. */
public final class ThreadDriver extends Driver {
    private final Work work;
    private final Thread thread;
    private final FiberKind kind;
    private volatile boolean asleep;

    /** A driver that has not started; its thread takes the caller's context class loader. */
    public ThreadDriver(String name, FiberKind kind, Work work) {
        this.work = work;
        this.kind = kind;
        thread = kind.newLoopThread(name, this::drive);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void join(long nanos) throws InterruptedException {
        thread.join(Duration.ofNanos(nanos));
    }

    @Override
    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean isInPass() {
        return isCurrent();
    }

    @Override
    public void wake() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean isAsleep() {
        return asleep;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    private void drive() {
        kind.prepare();
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
