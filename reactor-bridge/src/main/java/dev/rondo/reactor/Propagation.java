package dev.rondo.reactor;

import dev.rondo.Action;
import dev.rondo.TaskLocals;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Hooks;
import reactor.util.context.Context;

/**
 * Thread-locals of others (a logger's MDC, a trace), through Micrometer's context-propagation if it
 * is on the class path; else every method does nothing.
 */
final class Propagation {
    private static final boolean PRESENT = isPresent();

    private Propagation() {}

    private static boolean isPresent() {
        try {
            Class.forName(
                    "io.micrometer.context.ContextSnapshotFactory",
                    false,
                    Propagation.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Runs the body with the thread-locals that the context has, and then takes them back. */
    static void runWithThreadLocals(Context context, Action body) throws Exception {
        Runnable undo = PRESENT && !context.isEmpty() ? Snapshots.set(context) : null;
        try {
            body.run();
        } finally {
            if (undo != null) {
                undo(undo);
            }
        }
    }

    /** What the body has done stands, whether or not this fails. */
    private static void undo(Runnable undo) {
        try {
            undo.run();
        } catch (Throwable e) {
            TaskErrors.report(e);
        }
    }

    /**
     * The context with the calling thread's thread-locals, where Reactor would have captured them
     * too: with {@link Hooks#enableAutomaticContextPropagation}.
     */
    static Context withThreadLocals(Context context) {
        return PRESENT && Hooks.isAutomaticContextPropagationEnabled()
                ? Snapshots.update(context)
                : context;
    }

    /** Found by the core as a service: every new task begins with its creator's thread-locals. */
    public static final class Locals implements TaskLocals {
        /** For the service loader. */
        public Locals() {}

        @Override
        public @Nullable Captured capture() {
            return PRESENT ? Snapshots.capture() : null;
        }
    }

    /** Loaded only where the library is. */
    private static final class Snapshots {
        private static final ContextSnapshotFactory FACTORY =
                ContextSnapshotFactory.builder().build();

        private static boolean nothingRegistered() {
            return ContextRegistry.getInstance().getThreadLocalAccessors().isEmpty();
        }

        @SuppressWarnings("MustBeClosedChecker") // whoever calls closes it
        static @Nullable Runnable set(Context context) {
            return nothingRegistered() ? null : FACTORY.setThreadLocalsFrom(context)::close;
        }

        static Context update(Context context) {
            return nothingRegistered() ? context : FACTORY.captureAll().updateContext(context);
        }

        static TaskLocals.@Nullable Captured capture() {
            if (nothingRegistered()) {
                return null;
            }
            ContextSnapshot snapshot = FACTORY.captureAll();
            return () -> snapshot.setThreadLocals()::close;
        }
    }
}
