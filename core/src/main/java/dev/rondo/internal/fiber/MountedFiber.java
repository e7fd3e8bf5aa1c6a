package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * A coroutine whose virtual thread is mounted on the loop's own platform thread: the fiber is its
 * thread's scheduler, and {@link #resume} runs the thread's continuation in place.
 */
final class MountedFiber extends Fiber implements Executor {
    /*
     * The JDK gives a virtual thread's continuation to execute() whenever the thread may run: at
     * start, at unpark, after Thread.yield, when a monitor is free. It calls on whichever thread made
     * it so, with that thread pinned, hence execute() locks nothing, blocks nowhere, never throws.
     *
     * Who touches what:
     *   continuation  written by the first execute(), under start(), before anybody else can unpark.
     *   suspended, yielding   only on the loop's thread: by resume(), and by the coroutine mounted on it.
     *   submitted     set by execute() on another thread; cleared by the loop just before it runs.
     *   resubmitted   the same by the loop's own thread, where nearly every resume is: a plain field.
     *   waiting       the loop's thread, while it waits for `submitted`.
     *
     * A continuation that may not run returns at once when run (the JDK checks its state), so running
     * one too often is harmless and the loop need not know which call of execute() it answers. What it
     * must not do is return while the coroutine is neither suspended nor ended: then the coroutine
     * has blocked in some other way, or a foreign unpark() has won the race against ours and has not
     * called execute() yet. In both cases execute() will come, and the loop waits for it.
     *
     * A coroutine that gives way calls Thread.yield, which is cheaper than a park that is unparked at
     * once. Its thread then counts as ready for the JDK: running its continuation does run it, and
     * execute() has been called on the loop's thread for that, which asks for nothing.
     *
     * A thread that cannot unmount, under a class initializer or a native frame, parks its carrier
     * instead, and would take the loop's thread with it. Hence the loop's thread has a permit to park
     * whenever it runs passes: such a park takes it and returns at once, and the await can fail. A thread
     * that does unmount never touches that permit.
     *
     * An unpark nobody asked for (anyone can unpark a thread; interrupt() does) reaches execute()
     * while the coroutine is suspended. It is posted to the loop, which runs the continuation: the
     * coroutine looks for an interrupt and parks again. If it comes just while the coroutine parks, the
     * JDK calls execute() on the loop's own thread, inside run(): then `resubmitted` is found set when
     * the coroutine is suspended, and the post is made there.
     */
    private final Thread thread;
    private @Nullable Runnable continuation;
    private @Nullable Thread loopThread;
    private boolean running;
    private boolean suspended;
    private boolean yielding;
    private boolean ended;
    private boolean resubmitted;
    private volatile boolean submitted;
    private volatile @Nullable Thread waiting;

    MountedFiber(Body body) {
        super(body);
        thread = MountedThreads.create(this, body.threadName(), this, this);
    }

    @Override
    public void run() {
        try {
            body.run();
        } finally {
            ended = true;
        }
    }

    @Override
    public void resume() {
        Runnable runnable = continuation;
        running = true;
        if (runnable == null) {
            loopThread = Thread.currentThread();
            thread.start();
            runnable = continuation;
        } else {
            suspended = false;
            if (!yielding) {
                LockSupport.unpark(thread);
            }
        }
        runUntilSuspended(runnable);
    }

    /** Runs the continuation until the coroutine is suspended or has ended. */
    private void runUntilSuspended(@Nullable Runnable runnable) {
        if (runnable == null) {
            throw new IllegalStateException("the virtual thread did not reach its scheduler");
        }
        running = true;
        while (true) {
            resubmitted = false;
            if (submitted) {
                submitted = false;
            }
            runnable.run();
            if (suspended || ended) {
                running = false;
                if (submitted || (resubmitted && !yielding)) {
                    postUnasked(runnable);
                }
                return;
            }
            if (!resubmitted) {
                awaitSubmission();
            }
        }
    }

    private void awaitSubmission() {
        waiting = loopThread;
        while (!submitted) {
            LockSupport.park(this);
            if (!submitted) {
                // An interrupt of the loop's thread means nothing here and would make park() spin.
                Thread.interrupted();
            }
        }
        waiting = null;
        // Parking has taken the permit that it has in a pass.
        LockSupport.unpark(loopThread);
    }

    private void runUnasked() {
        runUntilSuspended(continuation);
    }

    @Override
    public void suspend() {
        suspended = true;
        try {
            parkWhileSuspended();
        } catch (Throwable e) {
            // Out of stack or memory before it could park: it still has the turn.
            suspended = false;
            throw e;
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it is not a hint here: this fiber is the scheduler
    public void giveWay() {
        suspended = true;
        yielding = true;
        try {
            Thread.yield();
            yielding = false;
            if (suspended) {
                // It was run unasked.
                parkWhileSuspended();
            } else if (Thread.interrupted()) {
                body.interrupted();
            }
        } catch (Throwable e) {
            yielding = false;
            suspended = false;
            throw e;
        }
    }

    private void parkWhileSuspended() {
        while (suspended) {
            LockSupport.park();
            if (suspended) {
                if (Thread.interrupted()) {
                    body.interrupted();
                } else {
                    parkedInVain();
                }
            }
        }
    }

    /** It was not resumed: somebody has unparked its thread, or that cannot unmount. */
    private void parkedInVain() {
        // If it was the carrier that has parked, its permit is gone.
        LockSupport.unpark(loopThread);
        StackTraceElement pinning = Pinning.find(thread.getStackTrace());
        if (pinning != null) {
            throw Pinning.refusal(pinning);
        }
    }

    @Override
    public void execute(Runnable runnable) {
        if (continuation == null) {
            continuation = runnable;
        } else if (runnable != continuation) {
            // A virtual thread that the coroutine made inherits its scheduler; it is not ours to
            // run.
            MountedThreads.defaultScheduler().execute(runnable);
        } else if (running && Thread.currentThread() == loopThread) {
            resubmitted = true;
        } else {
            submitted = true;
            Thread loop = waiting;
            if (loop != null) {
                LockSupport.unpark(loop);
            } else {
                postUnasked(runnable);
            }
        }
    }

    private void postUnasked(Runnable runnable) {
        if (!body.post(this::runUnasked)) {
            MountedThreads.defaultScheduler().execute(runnable);
        }
    }

    @Override
    public Thread thread() {
        return thread;
    }
}
