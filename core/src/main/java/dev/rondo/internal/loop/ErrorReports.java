package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.LoopFailure;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Where failures go that no code waits for: the user's handler, else the log at ERROR. */
final class ErrorReports {
    private static final System.Logger LOG = System.getLogger("dev.rondo");
    private static final Set<String> OUR_PACKAGES =
            Set.of(
                    "dev.rondo",
                    "dev.rondo.internal.fiber",
                    "dev.rondo.internal.loop",
                    "dev.rondo.internal.queue",
                    "dev.rondo.sync",
                    "dev.rondo.testing",
                    "dev.rondo.reactor");

    /** What a user has set; told, it calls the user's own. */
    private record Handler(Object own, Consumer<? super LoopFailure> told) {}

    private final AtomicInteger unsaid = new AtomicInteger();

    private volatile @Nullable Handler handler;

    void setOnFailure(Consumer<? super LoopFailure> own) {
        handler = new Handler(own, own);
    }

    void setOnError(Consumer<? super Throwable> own) {
        handler = new Handler(own, failure -> own.accept(failure.failure()));
    }

    /** Never throws: the loop lives on. */
    void report(
            EventLoop loop,
            String what,
            Throwable failure,
            @Nullable Task<?> task,
            @Nullable Throwable origin) {
        try {
            tell(new LoopFailure(loop, what, failure, task, origin));
        } catch (Throwable e) {
            // No memory is left for words; the next report tells of it.
            unsaid.incrementAndGet();
        }
    }

    private void tell(LoopFailure failure) {
        Handler custom = handler;
        if (custom == null) {
            log(failure);
            return;
        }
        try {
            Scope.apart(null, () -> custom.told().accept(failure));
        } catch (Throwable e) {
            log(failure);
            log(
                    "Unhandled error in the error handler " + describe(custom.own()),
                    failure.loop(),
                    "",
                    e);
        }
    }

    private void log(LoopFailure failure) {
        Throwable origin = failure.origin();
        String from = origin == null ? "" : ", " + origin.getMessage() + ":" + stack(origin);
        log(failure.what(), failure.loop(), from, failure.failure());
    }

    private void log(String what, EventLoop loop, String from, Throwable failure) {
        int before = unsaid.get();
        String more = before == 0 ? "" : ", after " + before + " that could not be reported";
        log(Level.ERROR, what + " on loop " + loop.name() + more + from, failure);
        unsaid.addAndGet(-before);
    }

    /** Logs; a logger that fails must not take the loop with it. */
    static void log(Level level, String text, @Nullable Throwable failure) {
        try {
            LOG.log(level, text, failure);
        } catch (Throwable e) {
            System.err.println("The logger failed (" + e + ") for: " + text + ": " + failure);
        }
    }

    /** The frames outside Rondo, a line each. */
    private static String stack(Throwable origin) {
        StringBuilder lines = new StringBuilder();
        for (StackTraceElement frame : origin.getStackTrace()) {
            if (!isOurs(frame.getClassName())) {
                lines.append("\n\tat ").append(frame);
            }
        }
        return lines.append("\n").toString();
    }

    /** The user's line at which a thread is; empty if there is none. */
    static String place(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (!isOurs(frame.getClassName())) {
                return " at " + frame;
            }
        }
        return "";
    }

    /** A class that a user did not write: Rondo's own, or the JDK's. */
    static boolean isOurs(String className) {
        return OUR_PACKAGES.contains(
                        className.substring(0, Math.max(0, className.lastIndexOf('.'))))
                || className.startsWith("java.")
                || className.startsWith("jdk.");
    }

    /** What a callback is, as well as its class can tell. */
    static String describe(Object callback) {
        String name = callback.getClass().getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "(a lambda of " + name.substring(0, lambda) + ")";
    }
}
