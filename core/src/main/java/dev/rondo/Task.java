package dev.rondo;

import dev.rondo.internal.loop.DoneTask;
import dev.rondo.internal.loop.LoopFuture;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A coroutine that runs beside the others on its loop, or several of them taken together ({@link
 * Async#gather}). Made with {@link Async#createTask} or {@link EventLoop#submit}; it begins to run
 * when its turn comes, in the order of creation. The loop holds it until it is done.
 *
 * <p>All methods but {@link #await} may be called from any thread.
 *
 * @param <T> the result
 */
public sealed interface Task<T extends @Nullable Object> extends Awaitable<T>
        permits Promise, LoopFuture, DoneTask {
    /** A task that has ended with the value, on no loop: any may await it. Never suspends. */
    static <T extends @Nullable Object> Task<T> completed(T value) {
        return new DoneTask<>(new Outcome.Success<>(value));
    }

    /**
     * A task that has failed, on no loop: any may await it. Nobody has to look at it. Never
     * suspends.
     */
    static <T extends @Nullable Object> Task<T> failed(Throwable failure) {
        return new DoneTask<>(new Outcome.Failure<>(Objects.requireNonNull(failure, "failure")));
    }

    /**
     * Waits for the result; suspends only while the task runs. If the waiting task is cancelled, so
     * is this one.
     *
     * @throws java.util.concurrent.CancellationException if this task, or the waiting one, was
     *     cancelled
     * @throws IllegalStateException outside a coroutine, in a task of another loop, or in the task
     *     itself
     */
    @Override
    T await();

    /** As {@link #cancel(String)} without a message. */
    boolean cancel();

    /**
     * Asks the task to end: a {@code CancellationException} appears where it is suspended, and what
     * it waits for is cancelled with it. A task that has not begun never runs. From another thread
     * the request takes effect on the loop a moment later.
     *
     * @param message said in the exception
     * @return false if the task was done already
     */
    boolean cancel(@Nullable String message);

    /**
     * As {@link #cancel(String)}, and the tasks of its groups, and of groups of tasks that it waits
     * for, are asked in the same call: they would be asked otherwise when the request has been
     * delivered to whoever runs the group. For a task whose user has gone, so that nothing below it
     * begins anything more.
     */
    boolean cancelTree(@Nullable String message);

    /**
     * Whether a request to cancel this task would, as things stand, reach the other: this waits for
     * it, directly, in a gather or in a group, through any number of tasks, and no shield lies
     * between. Never suspends. From any thread; elsewhere than on the loop, the answer may be out
     * of date when it is given.
     */
    boolean cancelReaches(Awaitable<?> other);

    /** How many requests to cancel there have been and not been taken back. */
    int cancelling();

    /**
     * Takes one request to cancel back. When none is left, one that has not reached the task yet is
     * forgotten. On the loop's thread.
     *
     * @return how many are left
     */
    int uncancel();

    /** True once it has ended in any way. */
    boolean isDone();

    /** True once it has ended by cancellation. */
    boolean isCancelled();

    /**
     * The result of a task that is done, or what it failed with, thrown as by {@link #await}.
     *
     * @throws IllegalStateException if it is not done
     */
    T result();

    /**
     * What it failed with, not wrapped; null if it has a result.
     *
     * @throws IllegalStateException if it is not done
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    @Nullable Throwable exception();

    /**
     * Its name: the given one, or {@code Task-N}. {@code toString} says what it waits for as well.
     */
    String name();

    /**
     * Runs the callback on the loop when the task is done: queued then, in order of registration;
     * queued at once if it is done already. A callback that throws goes to the loop's error
     * handler.
     *
     * @return with which the callback can be taken back
     */
    Handle onDone(Consumer<Task<T>> callback);

    /** As {@link #onDone(Consumer)}, in the given scope in place of a copy of the caller's. */
    Handle onDone(ContextScope scope, Consumer<Task<T>> callback);

    /**
     * The same result as a future, for code outside the loop. Cancelling it cancels the task.
     * Stages that depend on it run on the loop's thread unless they name an executor.
     */
    CompletableFuture<T> toCompletableFuture();

    /**
     * Blocks a plain thread outside any loop until the task is done. A failure is thrown as by
     * {@link #await}. An interrupt ends the waiting, not the task: the thread's interrupt status is
     * set and a {@code CompletionException} around the {@code InterruptedException} is thrown.
     *
     * @throws IllegalStateException on a loop's thread or in a coroutine, where it would stall the
     *     loop: await it instead; and on a thread of {@link NonBlockingThreads}
     */
    T join();
}
