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

    /**
     * Sets the thread-locals that the context has.
     *
     * @return takes them back, on the same thread; null: there are none
     */
    static @Nullable Runnable setThreadLocals(Context context) {
        return PRESENT && !context.isEmpty() ? Snapshots.set(context) : null;
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
