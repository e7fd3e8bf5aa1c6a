package dev.rondo.internal.loop;

import dev.rondo.internal.fiber.Fiber;
import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reports a loop that makes no progress, while it lasts: the task and the line that blocks it, and
 * the tasks that are suspended meanwhile, one of which may hold what the first one wants. Between
 * two looks it gives the loops what has been collected. One daemon thread for all loops; it ends
 * when none is left.
 */
final class Watchdog {
    /*
     * The loop pays one counter, which the watchdog samples. Progress is judged by the samples and not
     * by the clock: a JVM that was stopped as a whole has not taken samples either.
     */
    private static final long LONGEST_INTERVAL = Duration.ofMillis(250).toNanos();
    private static final long SHORTEST_INTERVAL = Duration.ofMillis(5).toNanos();
    private static final int LINGER_SAMPLES = 20;
    private static final int MOST_SUSPENDED = 10;

    private static @Nullable Watchdog current;

    private final IdentityHashMap<LoopCore, Progress> progress = new IdentityHashMap<>();
    private long interval = SHORTEST_INTERVAL;
    private int idleSamples;

    /** Told with the next sample: when it came there may have been no memory to tell it. */
    private @Nullable Throwable failure;

    private Watchdog() {}

    /** Makes sure that the running loops are watched; a loop goes on without that as well. */
    static void watch(LoopCore loop) {
        try {
            start();
        } catch (Throwable e) {
            loop.report("No watchdog could be started; stalls will not be reported", e);
        }
    }

    private static synchronized void start() {
        if (current == null) {
            Watchdog started = new Watchdog();
            Thread.ofPlatform()
                    .name("rondo-watchdog")
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .start(started::run);
            current = started;
        }
    }

    private static synchronized boolean endIfIdle() {
        if (RunningLoops.ALL.isEmpty()) {
            current = null;
            return true;
        }
        return false;
    }

    private void run() {
        while (idleSamples < LINGER_SAMPLES || !endIfIdle()) {
            try {
                WhenCollected.giveToLoops(interval);
                Throwable before = failure;
                if (before != null) {
                    ErrorReports.log(
                            Level.WARNING, "The watchdog was interrupted or failed", before);
                }
                failure = null;
                sample();
            } catch (Throwable e) {
                failure = e;
            }
        }
    }

    private void sample() {
        List<LoopCore> loops = RunningLoops.ALL;
        idleSamples = loops.isEmpty() ? idleSamples + 1 : 0;
        progress.keySet().retainAll(loops);
        for (LoopCore loop : loops) {
            try {
                progress.computeIfAbsent(loop, Progress::new).sample(interval);
            } catch (Throwable e) {
                failure = e;
            }
        }
        interval = interval(loops);
    }

    private static long interval(List<LoopCore> loops) {
        long interval = LONGEST_INTERVAL;
        for (LoopCore loop : loops) {
            if (loop.life.watchdogNanos > 0) {
                interval = Math.min(interval, loop.life.watchdogNanos / 4);
            }
        }
        return Math.max(interval, SHORTEST_INTERVAL);
    }

    /** What was seen of one loop. */
    private static final class Progress {
        private final LoopCore loop;
        private long beat = -1;
        private long stuckNanos;
        private long reportAt;
        private long heldNanos;
        private long collectAt = Duration.ofSeconds(1).toNanos();

        Progress(LoopCore loop) {
            this.loop = loop;
        }

        void sample(long interval) {
            loop.life.checkThread();
            long seen = loop.queue.beat();
            if (seen != beat || loop.life.isAsleep()) {
                sampleExecutors(seen == beat, interval);
                beat = seen;
                stuckNanos = 0;
                reportAt = loop.life.watchdogNanos;
                return;
            }
            stuckNanos += interval;
            if (reportAt > 0 && stuckNanos >= reportAt) {
                reportAt *= 2;
                report();
            }
        }

        /**
         * Whether a call was dropped is known when it has been collected, which may take for ever.
         */
        private void sampleExecutors(boolean idle, long interval) {
            heldNanos = idle && isHeldByAnExecutor() ? heldNanos + interval : 0;
            if (heldNanos >= collectAt) {
                collectAt *= 2;
                System.gc();
            }
        }

        /**
         * Whether virtual time stands still for a call that an executor has not begun, and may have
         * dropped.
         */
        private boolean isHeldByAnExecutor() {
            return loop.time.heldFor() == Driver.FOR_EVER
                    && loop.threads.stream().anyMatch(BlockingCall::isQueued);
        }

        private void report() {
            SuspendingTask<?> task = loop.running;
            Thread thread = task != null ? task.thread() : loop.life.thread();
            if (thread == null) {
                return;
            }
            StringBuilder text = new StringBuilder();
            text.append(loop)
                    .append(" makes no progress for ")
                    .append(stuckNanos / 1_000_000)
                    .append(" ms: ")
                    .append(blocker(task))
                    .append(" blocks it (thread ")
                    .append(thread.getState());
            Object blocker = LockSupport.getBlocker(thread);
            if (blocker != null) {
                text.append(", waiting for ").append(identity(blocker));
            }
            text.append(
                    blocker instanceof Fiber
                            ? "). It awaits where a thread cannot be unmounted: under a class"
                                    + " initializer or a native method. Await elsewhere."
                            : "). Await instead of blocking, or move it off the loop.");
            appendSuspended(text, task);
            Throwable where = new Throwable("the code that blocks");
            where.setStackTrace(thread.getStackTrace());
            ErrorReports.log(Level.WARNING, text.toString(), where);
        }

        private String blocker(@Nullable SuspendingTask<?> task) {
            if (task != null) {
                return task.label();
            }
            return loop.life.host == null ? "a callback" : "a callback, or a task of its host's,";
        }

        /** Not its toString, which is somebody's code and may block or throw. */
        private static String identity(Object object) {
            return object.getClass().getName()
                    + "@"
                    + Integer.toHexString(System.identityHashCode(object));
        }

        /** Whoever holds the lock that is wanted is among these, if it is on this loop. */
        private void appendSuspended(StringBuilder text, @Nullable SuspendingTask<?> blocked) {
            int listed = 0;
            for (SuspendingTask<?> task : loop.tasks.toList(MOST_SUSPENDED + 1)) {
                Thread thread = task.thread();
                if (task != blocked && thread != null && listed++ < MOST_SUSPENDED) {
                    text.append("\n  suspended meanwhile: ")
                            .append(task.label())
                            .append(ErrorReports.place(thread));
                }
            }
        }
    }
}
