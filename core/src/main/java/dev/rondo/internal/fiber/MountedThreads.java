package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;

/**
 * Virtual threads with a scheduler of one's own. JDK 25 has the constructor but not as public API:
 * it is reached by reflection, which needs {@code java.lang} opened.
 */
final class MountedThreads {
    private static final @Nullable MethodHandle NEW_BUILDER;
    private static final @Nullable Executor DEFAULT_SCHEDULER;
    private static final @Nullable Throwable MISSING;

    static {
        MethodHandle newBuilder = null;
        Executor defaultScheduler = null;
        Throwable missing = null;
        try {
            Constructor<?> constructor =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            newBuilder =
                    MethodHandles.lookup()
                            .unreflectConstructor(constructor)
                            .asType(
                                    MethodType.methodType(
                                            Thread.Builder.OfVirtual.class, Executor.class));
            Field field =
                    Class.forName("java.lang.VirtualThread").getDeclaredField("DEFAULT_SCHEDULER");
            field.setAccessible(true);
            defaultScheduler = (Executor) field.get(null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            missing = e;
        }
        NEW_BUILDER = newBuilder;
        DEFAULT_SCHEDULER = defaultScheduler;
        MISSING = missing;
    }

    private MountedThreads() {}

    /** Why there are no such threads here, or null when there are. */
    static @Nullable Throwable missing() {
        if (MISSING != null) {
            return MISSING;
        }
        try {
            // A JVM without continuations refuses here.
            create(Runnable::run, "probe", null, () -> {});
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** An unstarted virtual thread that gives its continuation to the scheduler. */
    static Thread create(
            Executor scheduler,
            String name,
            Thread.@Nullable UncaughtExceptionHandler handler,
            Runnable body) {
        try {
            MethodHandle newBuilder = NEW_BUILDER;
            if (newBuilder == null) {
                throw new IllegalStateException("no mounted virtual threads here", MISSING);
            }
            var builder = (Thread.Builder.OfVirtual) newBuilder.invokeExact(scheduler);
            builder.name(name);
            if (handler != null) {
                builder.uncaughtExceptionHandler(handler);
            }
            return builder.unstarted(body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What runs the virtual threads that are not ours. */
    static Executor defaultScheduler() {
        Executor scheduler = DEFAULT_SCHEDULER;
        if (scheduler == null) {
            throw new IllegalStateException("no mounted virtual threads here", MISSING);
        }
        return scheduler;
    }

    /**
     * Loads the JDK's network poller on this thread, which must be a platform thread. Its threads
     * take the scheduler of whichever thread loads it: were that a coroutine, the blocking I/O of
     * every virtual thread of the JVM would depend on one loop.
     */
    static void loadPoller() {
        try {
            Class.forName("sun.nio.ch.Poller");
        } catch (ClassNotFoundException | LinkageError e) {
            System.getLogger("dev.rondo")
                    .log(System.Logger.Level.DEBUG, "This JDK has no network poller to load", e);
        }
    }
}
