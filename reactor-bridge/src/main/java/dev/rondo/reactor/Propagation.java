package dev.rondo.reactor;

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

    /** Sets, for the rest of the calling thread, the thread-locals that the context has. */
    static void setThreadLocals(Context context) {
        if (PRESENT) {
            Snapshots.set(context);
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

        @SuppressWarnings("MustBeClosedChecker") // the thread is the coroutine's own
        static void set(Context context) {
            FACTORY.setThreadLocalsFrom(context);
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
