package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

/** What a test may want to know of a loop and cannot see from outside. */
public final class Insides {
    private Insides() {}

    private static LoopCore of(EventLoop loop) {
        return ((Loop) loop).core;
    }

    /** How many timers are set. */
    public static int timers(EventLoop loop) {
        return of(loop).timers.size();
    }

    /** How many turns have been run. */
    public static long beat(EventLoop loop) {
        return of(loop).queue.beat();
    }

    public static boolean isAsleep(EventLoop loop) {
        return of(loop).life.isAsleep();
    }

    /** Whether any loop of this JVM runs. */
    public static boolean anyLoopRuns() {
        return !RunningLoops.ALL.isEmpty();
    }

    /** The thread of a task's coroutine. */
    public static @Nullable Thread threadOf(Task<?> task) {
        return ((CoroutineTask<?>) task).thread();
    }

    /** All that is registered with the task, and with its loop because of such tasks. */
    public static int registrations(Task<?> task) {
        LoopFuture<?> future = (LoopFuture<?>) task;
        LoopCore loop = future.loop;
        int waiters = 0;
        for (Turn waiter = future.firstWaiter(); waiter != null; waiter = waiter.next) {
            waiters++;
        }
        return waiters + loop.outside.size() + loop.sources.size() + loop.timers.size();
    }
}
