package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * While a run is under way: the JVM's shutdown cancels its main task, and waits a while for the
 * end.
 */
final class JvmShutdown {
    private final LoopCore loop;
    private final SuspendingTask<?> main;
    private final Driver driver;
    private final long nanos;
    private final @Nullable Thread hook;

    /**
     * @param nanos how long the shutdown is held up; 0: it is not heeded
     */
    JvmShutdown(LoopCore loop, SuspendingTask<?> main, Driver driver, long nanos) {
        this.loop = loop;
        this.main = main;
        this.driver = driver;
        this.nanos = nanos;
        hook = nanos == 0 ? null : Thread.ofPlatform().name("rondo-shutdown").unstarted(this::end);
        if (hook != null) {
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalStateException e) {
                main.cancel("the JVM is shutting down");
            }
        }
    }

    private void end() {
        main.cancel("the JVM is shutting down");
        try {
            // Code that has called exit() waits for the hooks, and must not be waited for.
            if (loop.threads.stream().anyMatch(call -> exits(call.thread()))) {
                main.toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
            } else if (!exits(turn())) {
                driver.join(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            ErrorReports.log(Level.DEBUG, "The main task has ended with the JVM", e);
        }
    }

    /** The thread whose turn it is on the loop. */
    private @Nullable Thread turn() {
        SuspendingTask<?> running = loop.running;
        return running != null ? running.thread() : driver.thread();
    }

    private static boolean exits(@Nullable Thread thread) {
        if (thread != null) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().equals("java.lang.Shutdown")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The run is over. */
    void remove() {
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down: the hook runs, or has run, and finds the run at its
                // end.
                ErrorReports.log(Level.DEBUG, "The JVM is shutting down", e);
            }
        }
    }
}
