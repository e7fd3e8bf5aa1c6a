package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Where failures go that no code waits for: the user's handler, else the log at ERROR. */
final class ErrorReports {
    private static final System.Logger LOG = System.getLogger("dev.rondo");

    private final String loopName;
    private volatile @Nullable Consumer<? super Throwable> handler;

    ErrorReports(String loopName, @Nullable Consumer<? super Throwable> handler) {
        this.loopName = loopName;
        this.handler = handler;
    }

    void setHandler(Consumer<? super Throwable> newHandler) {
        handler = newHandler;
    }

    /** Never throws: the loop lives on. */
    void report(String what, Throwable failure, @Nullable Throwable origin) {
        Consumer<? super Throwable> custom = handler;
        if (custom == null) {
            log(what, failure, origin);
            return;
        }
        try {
            custom.accept(failure);
        } catch (Throwable e) {
            log(what, failure, origin);
            log("Unhandled error in the error handler " + describe(custom), e, null);
        }
    }

    private void log(String what, Throwable failure, @Nullable Throwable origin) {
        StringBuilder text = new StringBuilder(what).append(" on loop ").append(loopName);
        if (origin != null) {
            text.append(", ").append(origin.getMessage()).append(':').append(stack(origin));
        }
        log(Level.ERROR, text.toString(), failure);
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
        return (className.startsWith("dev.rondo.") && className.indexOf('.', 10) < 0)
                || className.startsWith("dev.rondo.internal.")
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
