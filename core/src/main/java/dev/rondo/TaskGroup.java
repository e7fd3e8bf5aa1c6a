package dev.rondo;

import dev.rondo.internal.loop.LoopTaskGroup;

import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: made by {@link Async#taskGroup}, which returns when all of them have
 * ended. The first failure, of a task or of the body, cancels the others and the body. On the
 * loop's thread only.
 */
public sealed interface TaskGroup permits LoopTaskGroup {
    /**
     * Makes the coroutine a task of this group. The body may do so, and every task of the group.
     *
     * @throws IllegalStateException if the group is shutting down after a failure or a cancel, or
     *     has ended
     */
    <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body);

    /** As {@link #createTask(Coroutine)}, without a result. */
    Task<Void> createTask(Action body);

    /** As {@link #createTask(Coroutine)}, with a name. */
    <T extends @Nullable Object> Task<T> createTask(String name, Coroutine<T> body);

    /** As {@link #createTask(String, Coroutine)}, without a result. */
    Task<Void> createTask(String name, Action body);

    /**
     * Starts a task of this group that says when it is ready, such as a server that has its port,
     * and waits for that. If it ends before, its failure is thrown here and is not the group's. If
     * the waiting is cancelled, so is the task, and the group waits for it.
     *
     * @return what the task says it is ready with
     * @throws IllegalStateException if it returns without having said that it is ready
     */
    <R extends @Nullable Object> R start(AsyncConsumer<Ready<R>> body);

    /**
     * Ends the group without a failure: its tasks and its body are cancelled, and {@code taskGroup}
     * returns when all have ended; null, if the body was interrupted by this. A second call does
     * nothing.
     */
    void cancel();

    /** Where a starting task says that it is ready. */
    @FunctionalInterface
    interface Ready<R extends @Nullable Object> {
        /**
         * Lets {@link TaskGroup#start} return.
         *
         * @throws IllegalStateException the second time
         */
        void ready(R value);
    }
}
