package dev.rondo.reactor;

import dev.rondo.EventLoop;

import reactor.core.scheduler.Scheduler;

/** Reactor's types and Rondo's, each as the other; made for {@code import static}. */
public final class ReactorBridge {
    private ReactorBridge() {}

    // The loop as a Scheduler.

    static {
        LoopThreads.makeNonBlocking();
    }

    /**
     * The loop as a Reactor scheduler: its tasks run on the loop's thread, in one queue with the
     * loop's callbacks and coroutines, and its delays are the loop's timers. Two schedulers of one
     * loop are equal.
     *
     * <p>The scheduler is a view. {@code dispose()} makes it refuse more work and cancels what it
     * has taken on; the loop goes on, and so do its other schedulers. {@code disposeGracefully()}
     * lets what is queued and delayed run to its end first: prefer it, because an operator whose
     * queued work is thrown away may never end. Once the loop is closed, by whomever, every
     * submission is refused with a {@link java.util.concurrent.RejectedExecutionException}. On a
     * loop that does not run, tasks wait until it does.
     *
     * <p>A task that fails goes to {@link reactor.core.scheduler.Schedulers#onHandleError} and to
     * the thread's uncaught exception handler; the loop goes on. No task is ever interrupted. Any
     * thread may call any method.
     */
    public static Scheduler scheduler(EventLoop loop) {
        return LoopScheduler.viewOf(loop);
    }

    /**
     * A scheduler on a new loop of its own, which runs now on a daemon thread with the given name.
     * As {@link #scheduler}, but disposing it closes the loop, which cancels the coroutines that
     * its tasks have started; {@code disposeGracefully()} ends when the loop has closed. {@code
     * dispose()} does not wait, and may be called from a task.
     *
     * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be had
     */
    public static Scheduler newLoopScheduler(String name) {
        return LoopScheduler.ofNewLoop(name);
    }
}
