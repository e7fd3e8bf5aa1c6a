package dev.rondo.internal.loop;

import dev.rondo.AsyncFunction;
import dev.rondo.Awaitable;
import dev.rondo.ContextScope;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.OnCancel;
import dev.rondo.Outcome;
import dev.rondo.Task;
import dev.rondo.TaskGroup;
import dev.rondo.Timeout;
import dev.rondo.Waited;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What {@link dev.rondo.Async} says, done: each method is told there. */
public final class Tasks {
    private Tasks() {}

    // Tasks.

    /** Runs the coroutine in the current task. */
    public static <T extends @Nullable Object> T runHere(Coroutine<T> body) {
        SuspendingTask<?> task = Current.orThrow("await a coroutine");
        try {
            return body.run();
        } catch (InterruptedException e) {
            throw task.interruptedWhileBlocking(e);
        } catch (Exception e) {
            throw Outcome.toThrow(e);
        }
    }

    public static <T extends @Nullable Object> Task<T> create(
            @Nullable String name, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineTask.create(LoopCore.current(), name, body);
    }

    public static <T extends @Nullable Object> Task<T> createIn(
            ContextScope scope, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineTask.create(LoopCore.current(), null, Scope.of(scope), body);
    }

    public static <T extends @Nullable Object> Task<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        LoopCore loop = LoopCore.current();
        return new GatherTask<>(
                loop, Awaitables.toFutures(loop, awaitables), true, LoopFuture::result);
    }

    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        LoopCore loop = LoopCore.current();
        return new GatherTask<>(
                loop, Awaitables.toFutures(loop, awaitables), false, LoopFuture::toOutcome);
    }

    // Waiting.

    public static void sleep(Duration delay) {
        long nanos = Delays.nanos(delay);
        SuspendingTask<?> task = Current.orThrow("sleep");
        if (nanos == 0) {
            task.yieldNow();
        } else {
            new Sleep(task.loop, nanos).await();
        }
    }

    public static void yieldNow() {
        Current.orThrow("yield").yieldNow();
    }

    public static void yieldIfNeeded() {
        SuspendingTask<?> task = Current.orThrow("yield");
        task.throwRequest();
        if (task.loop.hasOthers()) {
            task.yieldNow();
        }
    }

    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        Objects.requireNonNull(stage, "stage");
        SuspendingTask<?> task = Current.orThrow("await a stage");
        return StagePromise.of(task.loop, stage).await();
    }

    // Scopes.

    public static <T extends @Nullable Object> T timeout(
            Duration limit, AsyncFunction<Timeout, ? extends T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = Delays.nanosOrLess(limit);
        return TimeoutScope.after(Current.orThrow("have a timeout"), nanos, body);
    }

    public static <T> @Nullable T timeoutOrNull(
            Duration limit, Coroutine<? extends @Nullable T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = Delays.nanosOrLess(limit);
        return TimeoutScope.orNull(Current.orThrow("have a timeout"), nanos, body);
    }

    public static <T extends @Nullable Object> T timeoutAt(long nanoTime, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        SuspendingTask<?> task = Current.orThrow("have a timeout");
        return TimeoutScope.at(task, nanoTime, timeout -> body.run());
    }

    public static <T extends @Nullable Object> T waitFor(Duration limit, Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        long nanos = Delays.nanosOrLess(limit);
        SuspendingTask<?> task = Current.orThrow("wait");
        return nanos > 0 || awaitable instanceof DoneTask
                ? TimeoutScope.after(task, nanos, timeout -> awaitable.await())
                : Awaitables.awaitWithoutTime(task, awaitable);
    }

    @SuppressWarnings("unchecked") // a LoopFuture that is an Awaitable<T> gives a T
    public static <T extends @Nullable Object> Task<T> shield(Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        LoopCore loop = LoopCore.current();
        if (awaitable instanceof LoopFuture<?> done && done.isDone()) {
            return (Task<T>) done;
        }
        return new ShieldTask<>(Awaitables.toFutures(loop, List.of(awaitable)).getFirst());
    }

    public static <T extends @Nullable Object> T shielded(Duration limit, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = Delays.nanosOrLess(limit);
        SuspendingTask<?> task = Current.orThrow("be shielded");
        return task.cancellation()
                .shielded(() -> TimeoutScope.after(task, nanos, timeout -> body.run()));
    }

    public static <T extends @Nullable Object> T shielded(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return Current.orThrow("be shielded").cancellation().shielded(body);
    }

    public static <T extends @Nullable Object> T onCancel(Runnable action, Coroutine<T> body) {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(body, "body");
        return Current.orThrow("have an action for its cancellation")
                .cancellation()
                .onCancel(action, body);
    }

    public static void checkCancelled() {
        Current.orThrow("be cancelled").throwRequest();
    }

    public static <T extends @Nullable Object> T group(AsyncFunction<TaskGroup, T> body) {
        Objects.requireNonNull(body, "body");
        return LoopTaskGroup.run(Current.orThrow("have a task group"), body);
    }

    public static <T extends @Nullable Object> T supervisorGroup(AsyncFunction<TaskGroup, T> body) {
        Objects.requireNonNull(body, "body");
        return LoopTaskGroup.supervise(Current.orThrow("have a task group"), body);
    }

    public static <T extends @Nullable Object> T race(
            Collection<? extends Coroutine<? extends T>> bodies) {
        return Race.run(Current.orThrow("race"), List.copyOf(bodies));
    }

    // Several.

    /** Without a limit if that is null. */
    public static <T extends @Nullable Object> Waited<T> waitUntil(
            WaitUntil until, @Nullable Duration limit, Collection<? extends Task<T>> tasks) {
        SuspendingTask<?> task = Current.orThrow("wait");
        return Waiting.run(task, tasks, until, deadline(task.loop, limit));
    }

    /** Without a limit if that is null. */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            @Nullable Duration limit, Collection<? extends Awaitable<T>> awaitables) {
        LoopCore loop = LoopCore.current();
        List<LoopFuture<T>> futures = Awaitables.toFutures(loop, awaitables);
        // One iterator: a for-loop that was left can be taken up again.
        Completions<T> completions = new Completions<>(loop, futures, deadline(loop, limit));
        return () -> completions;
    }

    private static long deadline(LoopCore loop, @Nullable Duration limit) {
        return limit == null ? Long.MAX_VALUE : loop.time.in(Delays.nanosOrLess(limit));
    }

    // Threads.

    public static <T extends @Nullable Object> Task<T> toThread(
            OnCancel onCancel, Callable<T> blocking) {
        return thread(onCancel, blocking).start();
    }

    public static <T extends @Nullable Object> Task<T> toThread(
            Executor executor, Callable<T> blocking) {
        Objects.requireNonNull(executor, "executor");
        return thread(OnCancel.INTERRUPT, blocking).start(executor);
    }

    private static <T extends @Nullable Object> ThreadTask<T> thread(
            OnCancel onCancel, Callable<T> blocking) {
        Objects.requireNonNull(onCancel, "onCancel");
        Objects.requireNonNull(blocking, "blocking");
        return new ThreadTask<>(LoopCore.current(), onCancel, blocking);
    }

    // Where am I.

    public static @Nullable Task<?> current() {
        SuspendingTask<?> task = Current.orNull();
        if (task == null) {
            LoopCore.current();
        }
        return task;
    }

    public static Set<Task<?>> all() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(LoopCore.current().tasks.toList()));
    }

    public static EventLoop currentLoop() {
        return LoopCore.current().face;
    }
}
