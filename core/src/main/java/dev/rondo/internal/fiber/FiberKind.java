package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;

/** The two ways to run a coroutine, and the choice between them, made once for the JVM. */
public enum FiberKind {
    /** On the loop's own thread: fast, needs {@code java.lang} opened. */
    MOUNTED {
        @Override
        public Fiber newFiber(Fiber.Body body) {
            return new MountedFiber(body);
        }

        @Override
        public Thread newThread(String name, Runnable body) {
            return MountedThreads.create(MountedThreads.defaultScheduler(), name, null, body);
        }

        @Override
        public Thread newLoopThread(String name, Runnable body) {
            return Thread.ofPlatform()
                    .name(name)
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .unstarted(body);
        }

        @Override
        public void prepare() {
            MountedThreads.loadPoller();
        }

        @Override
        public void awake(Thread loopThread) {
            LockSupport.unpark(loopThread);
        }

        @Override
        public void asleep() {
            // Returns at once if there is a permit to take.
            LockSupport.parkNanos(1);
        }
    },

    /** Beside the loop's thread, which is virtual too: public API only. */
    HANDOFF {
        @Override
        public Fiber newFiber(Fiber.Body body) {
            return new HandoffFiber(body);
        }

        @Override
        public Thread newThread(String name, Runnable body) {
            return Thread.ofVirtual().name(name).unstarted(body);
        }

        @Override
        public Thread newLoopThread(String name, Runnable body) {
            return Thread.ofVirtual()
                    .name(name)
                    .inheritInheritableThreadLocals(false)
                    .unstarted(body);
        }
    };

    /** The system property that forces a kind: {@code mounted} or {@code handoff}. */
    public static final String PROPERTY = "dev.rondo.fiber";

    private static volatile @Nullable FiberKind chosen;

    /** A fiber that has not started. */
    public abstract Fiber newFiber(Fiber.Body body);

    /** An unstarted virtual thread beside every loop, wherever it is made. */
    public abstract Thread newThread(String name, Runnable body);

    /** An unstarted thread that can resume fibers of this kind. */
    public abstract Thread newLoopThread(String name, Runnable body);

    /**
     * The loop's thread, which calls, is about to run passes. A mounted fiber wants the thread to
     * have a permit to park meanwhile: see {@link MountedFiber}.
     */
    public void awake(Thread loopThread) {}

    /** The loop's thread, which calls, is about to sleep. */
    public void asleep() {}

    /** Coroutines will be resumed on the calling thread; before the first one is. */
    public void prepare() {}

    /**
     * Refuses what only mounted coroutines can do.
     *
     * @throws IllegalStateException if they are not to be had, with the flag that is missing
     */
    public static void requireMounted(String what) {
        if (chosen() != MOUNTED) {
            throw new IllegalStateException(
                    what
                            + " needs mounted coroutines: start the JVM with "
                            + flag()
                            + " and without -D"
                            + PROPERTY
                            + "=handoff, or leave the host out");
        }
    }

    /**
     * The kind to use: what the property says, else mounted where it is to be had, else handoff,
     * with one line in the log.
     *
     * @throws IllegalStateException if the property asks for what is not there, or for nonsense
     */
    public static FiberKind chosen() {
        FiberKind kind = chosen;
        return kind != null ? kind : choose();
    }

    private static synchronized FiberKind choose() {
        FiberKind kind = chosen;
        if (kind == null) {
            kind = choose(System.getProperty(PROPERTY), MountedThreads.missing());
            chosen = kind;
        }
        return kind;
    }

    static FiberKind choose(@Nullable String wish, @Nullable Throwable missing) {
        if (wish == null) {
            if (missing == null) {
                return MOUNTED;
            }
            System.getLogger("dev.rondo")
                    .log(
                            Level.INFO,
                            "Coroutines run in handoff mode. For the faster mounted mode start the"
                                    + " JVM with "
                                    + flag()
                                    + "; to keep handoff without this line, -D"
                                    + PROPERTY
                                    + "=handoff");
            return HANDOFF;
        }
        return switch (wish) {
            case "handoff" -> HANDOFF;
            case "mounted" -> {
                if (missing != null) {
                    throw new IllegalStateException(
                            "-D"
                                    + PROPERTY
                                    + "=mounted needs the JVM flag "
                                    + flag()
                                    + " on a JDK 25; add it, or leave the property out",
                            missing);
                }
                yield MOUNTED;
            }
            default ->
                    throw new IllegalStateException(
                            "-D" + PROPERTY + "=" + wish + ": it must be mounted or handoff");
        };
    }

    private static String flag() {
        Module module = FiberKind.class.getModule();
        return "--add-opens=java.base/java.lang="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }
}
