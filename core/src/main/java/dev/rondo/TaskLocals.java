package dev.rondo;

import org.jspecify.annotations.Nullable;

/**
 * Carries what others keep in thread-locals (a logger's MDC, a trace, a user) into the thread of a
 * new task. Implementations are found by {@link java.util.ServiceLoader}, once, with the class
 * loader of this interface. A coroutine has a thread of its own, so what is set once at its start
 * stays for all of it.
 */
public interface TaskLocals {
    /**
     * Called where a task or a blocking call is created, on the thread that creates it; fast, since
     * every task pays for it. If it throws, that is reported, and the task goes without.
     *
     * @return what shall be set for the task, or null if there is nothing to carry
     */
    @Nullable Captured capture();

    /** What was found where a task was created. */
    @FunctionalInterface
    interface Captured {
        /**
         * Sets it, on the thread of the task before its first line, or of a blocking call before
         * the call.
         *
         * @return takes it back, at the end, on the same thread
         */
        Undo set();
    }

    /** Takes back what was set for a task. */
    @FunctionalInterface
    interface Undo {
        /** Takes it back. */
        void undo();
    }
}
