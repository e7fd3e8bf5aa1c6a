package dev.rondo;

import dev.rondo.internal.StackRoom;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What a coroutine can do, made for {@code import static dev.rondo.Async.*}. Each method works on
 * the loop it is called on. Those that take a coroutine also take a lambda that returns nothing.
 *
 * <p>Each method says whether it suspends, which is to say, lets others run before it returns:
 * always, never, or on a condition.
 */
public final class Async {
    private Async() {}

    // Running.

    /**
     * Runs the coroutine on a new loop and blocks the calling thread until it has ended, with all
     * the tasks it has left behind: these are cancelled in order of creation and waited for. As
     * asyncio's {@code run}. Never suspends: it blocks the thread.
     *
     * @return the coroutine's result; its failure is thrown as by {@link Task#await}
     * @throws IllegalStateException on a loop's thread, in a coroutine, or on a thread of {@link
     *     NonBlockingThreads}
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        try (EventLoop loop = EventLoop.create()) {
            return loop.run(main);
        }
    }

    /** As {@link #run(Coroutine)}, without a result. Never suspends: it blocks the thread. */
    public static void run(Action main) {
        try (EventLoop loop = EventLoop.create()) {
            loop.run(main);
        }
    }

    /**
     * Makes the coroutine a task that runs beside the current one. It begins when its turn comes,
     * in the order of creation, not before the current task suspends. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return currentLoop().createTask(null, body);
    }

    /** As {@link #createTask(Coroutine)}, without a result. Never suspends. */
    public static Task<Void> createTask(Action body) {
        return createTask(Coroutine.of(body));
    }

    /**
     * As {@link #createTask(Coroutine)}, with a name, which is also its thread's; the thread of a
     * task without one has the loop's name. Never suspends.
     */
    public static <T extends @Nullable Object> Task<T> createTask(String name, Coroutine<T> body) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        return currentLoop().createTask(name, body);
    }

    /** As {@link #createTask(String, Coroutine)}, without a result. Never suspends. */
    public static Task<Void> createTask(String name, Action body) {
        return createTask(name, Coroutine.of(body));
    }

    // Several at once.

    /** A task that is done, with an empty list. Never suspends. */
    public static <T extends @Nullable Object> Task<List<T>> gather() {
        return gather(List.of());
    }

    /**
     * Runs the coroutines at once, each a task of its own, begun in the order given; the same as a
     * task with all their results in that order, whatever the order they end in.
     *
     * <p>The first failure, or cancellation of one of them, is the task's failure at once; the
     * others go on. Cancelling the task cancels all of them, and it ends when they do. A coroutine
     * given twice runs twice; a task or promise given twice fills two places. As asyncio's {@code
     * gather}. Never suspends.
     *
     * @throws NullPointerException if one of them is null; then none has begun
     * @throws IllegalStateException outside a running loop
     */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Coroutine<? extends T>... bodies) {
        return gather(Arrays.asList(bodies));
    }

    /**
     * As {@link #gather(Coroutine...)}, of tasks and promises that may be under way or done; if all
     * are done, so is the result. Never suspends.
     *
     * @throws IllegalArgumentException if one of them belongs to another loop; then none has begun
     */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Awaitable<? extends T>... awaitables) {
        return gather(Arrays.asList(awaitables));
    }

    /** As {@link #gather(Coroutine...)}, without results: a list of nulls. Never suspends. */
    public static Task<List<Void>> gather(Action... bodies) {
        return gather(coroutines(bodies));
    }

    /** As {@link #gather(Awaitable...)}; coroutines among them become tasks. Never suspends. */
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        EventLoop loop = currentLoop();
        return new GatherTask<>(loop, futures(loop, awaitables), true, LoopFuture::result);
    }

    /**
     * As {@link #gather(Coroutine...)}, but it waits for all of them and takes failures, and
     * cancellations of single ones, as outcomes: asyncio's {@code gather(return_exceptions=True)}.
     * Never suspends.
     */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Coroutine<? extends T>... bodies) {
        return gatherSettled(Arrays.asList(bodies));
    }

    /** As {@link #gatherSettled(Coroutine...)}, of tasks and promises. Never suspends. */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Awaitable<? extends T>... awaitables) {
        return gatherSettled(Arrays.asList(awaitables));
    }

    /** As {@link #gatherSettled(Coroutine...)}, without results. Never suspends. */
    public static Task<List<Outcome<Void>>> gatherSettled(Action... bodies) {
        return gatherSettled(coroutines(bodies));
    }

    /**
     * As {@link #gatherSettled(Awaitable...)}; coroutines among them become tasks. Never suspends.
     */
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        EventLoop loop = currentLoop();
        return new GatherTask<>(loop, futures(loop, awaitables), false, LoopFuture::toOutcome);
    }

    private static List<Coroutine<Void>> coroutines(Action[] bodies) {
        return Arrays.stream(bodies).map(Coroutine::of).toList();
    }

    /** What to wait for; checks all before it starts any. */
    @SuppressWarnings("unchecked") // an Awaitable<? extends T> is as good as an Awaitable<T>
    static <T extends @Nullable Object> List<LoopFuture<T>> futures(
            EventLoop loop, Collection<? extends Awaitable<? extends T>> given) {
        StackRoom.ensure();
        List<Awaitable<? extends T>> awaitables = new ArrayList<>(given);
        for (Awaitable<?> awaitable : awaitables) {
            Objects.requireNonNull(awaitable, "one of the awaitables is null");
            if (awaitable instanceof LoopFuture<?> future) {
                loop.checkOwn(future);
            }
        }
        IdentityHashMap<Awaitable<?>, LoopFuture<T>> others = new IdentityHashMap<>();
        List<LoopFuture<T>> futures = new ArrayList<>(awaitables.size());
        for (Awaitable<? extends T> awaitable : awaitables) {
            futures.add(
                    switch (awaitable) {
                        case LoopFuture<?> future -> (LoopFuture<T>) future;
                        case Coroutine<? extends T> body -> loop.createTask(null, body);
                        case DoneTask<? extends T> done -> (LoopFuture<T>) done.on(loop);
                        // Somebody's own kind: given twice, it is awaited once.
                        default ->
                                others.computeIfAbsent(
                                        awaitable, own -> loop.createTask(null, awaitable::await));
                    });
        }
        return futures;
    }

    // Waiting.

    /**
     * Lets the given time pass, at least, before it goes on; zero is {@link #yieldNow}. If the task
     * is cancelled meanwhile, the timer is taken back. Suspends.
     *
     * @throws IllegalArgumentException if the delay is negative
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static void sleep(Duration delay) {
        long nanos = EventLoop.nanos(delay);
        CoroutineTask<?> task = CoroutineTask.current("sleep");
        if (nanos == 0) {
            task.yieldNow();
        } else {
            new Sleep(task.loop, nanos).await();
        }
    }

    /**
     * Lets everything else that is ready run, then goes on: asyncio's {@code sleep(0)}. Suspends.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static void yieldNow() {
        CoroutineTask.current("yield").yieldNow();
    }

    /**
     * As {@link #yieldNow} if anything else could run or a request to cancel waits, else nothing:
     * for a coroutine that has long work and few awaits, now and then. Suspends only if something
     * else is ready, due, or sent by another thread.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static void yieldIfNeeded() {
        CoroutineTask<?> task = CoroutineTask.current("yield");
        task.throwRequest();
        if (task.loop.hasOthers()) {
            task.yieldNow();
        }
    }

    /**
     * Waits for a stage that any thread may complete. If the waiting task is cancelled, so is the
     * stage, where it can be. Suspends unless the stage is complete.
     *
     * @return the stage's value
     * @throws java.util.concurrent.CompletionException around a checked exception it failed with; a
     *     {@code RuntimeException} or {@code Error} is thrown as the same object
     * @throws java.util.concurrent.CancellationException if the stage or the task was cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        Objects.requireNonNull(stage, "stage");
        CoroutineTask<?> task = CoroutineTask.current("await a stage");
        return StagePromise.of(task.loop, stage).await();
    }

    // Timeouts.

    /**
     * Runs the body in the current task, for at most the given time. When it has passed, the body
     * is cancelled where it is suspended, and when it has ended by that, this throws. A body that
     * never suspends is not interrupted; one that ends in another way than by the cancellation
     * decides how this ends. Not positive: the body's first suspension is its last. Suspends where
     * the body does.
     *
     * @return the body's result
     * @throws AsyncTimeoutException if the time has passed; its cause is the cancellation
     * @throws java.util.concurrent.CancellationException if the task is cancelled by somebody else
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T timeout(Duration limit, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        Timeout.Body<T> ignoring = timeout -> body.run();
        return timeout(limit, ignoring);
    }

    /** As {@link #timeout(Duration, Coroutine)}, without a result. Suspends where the body does. */
    public static void timeout(Duration limit, Action body) {
        timeout(limit, Coroutine.of(body));
    }

    /**
     * As {@link #timeout(Duration, Coroutine)}; the body is given the timeout, and may move it and
     * ask whether it has fired. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T timeout(Duration limit, Timeout.Body<T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = EventLoop.nanosOrLess(limit);
        CoroutineTask<?> task = CoroutineTask.current("have a timeout");
        return Timeout.after(task, nanos, body);
    }

    /**
     * As {@link #timeout(Duration, Timeout.Body)}, without a result. Suspends where the body does.
     */
    public static void timeout(Duration limit, Timeout.VoidBody body) {
        Objects.requireNonNull(body, "body");
        Timeout.Body<Void> valued = timeout -> Coroutine.of(() -> body.run(timeout)).run();
        timeout(limit, valued);
    }

    /**
     * As {@link #timeout(Duration, Coroutine)}, but null is given back if the time has passed, as
     * Kotlin's {@code withTimeoutOrNull}. Suspends where the body does.
     *
     * @return the body's result; null if the time has passed, or if that is the result
     * @throws AsyncTimeoutException of a timeout within the body
     */
    public static <T> @Nullable T timeoutOrNull(
            Duration limit, Coroutine<? extends @Nullable T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = EventLoop.nanos(limit);
        return Timeout.orNull(CoroutineTask.current("have a timeout"), nanos, body);
    }

    /**
     * As {@link #timeout(Duration, Coroutine)}, until a time of {@link EventLoop#time}; {@code
     * Long.MAX_VALUE} means for ever. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T timeoutAt(long nanoTime, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return Timeout.at(CoroutineTask.current("have a timeout"), nanoTime, timeout -> body.run());
    }

    /** As {@link #timeoutAt(long, Coroutine)}, without a result. Suspends where the body does. */
    public static void timeoutAt(long nanoTime, Action body) {
        timeoutAt(nanoTime, Coroutine.of(body));
    }

    /**
     * Awaits it for at most the given time; then it is cancelled, and when it has ended, this
     * throws. If it ends in another way than by the cancellation, that is the result. Not positive:
     * what is done gives its result, what is not is cancelled and waited for. To let it go on,
     * {@link #shield} it. Suspends unless it is done.
     *
     * @throws AsyncTimeoutException if the time has passed
     */
    public static <T extends @Nullable Object> T waitFor(Awaitable<T> awaitable, Duration limit) {
        Objects.requireNonNull(awaitable, "awaitable");
        long nanos = EventLoop.nanosOrLess(limit);
        CoroutineTask<?> task = CoroutineTask.current("wait");
        if (nanos > 0 || awaitable instanceof DoneTask) {
            return Timeout.after(task, nanos, timeout -> awaitable.await());
        }
        if (!(awaitable instanceof LoopFuture<?> future)) {
            throw new AsyncTimeoutException("waitFor was given no time; nothing was begun");
        }
        task.loop.checkOwn(future);
        if (future.isDone()) {
            return awaitable.await();
        }
        future.requestCancel(CancelRequest.of(task.loop, "waitFor was given no time"));
        Waiting.untilDone(task, future);
        try {
            return awaitable.await();
        } catch (java.util.concurrent.CancellationException e) {
            throw new AsyncTimeoutException("waitFor was given no time", e);
        }
    }

    /**
     * As {@link #waitFor(Awaitable, Duration)}; the coroutine runs in the current task. Suspends
     * where the body does.
     */
    public static <T extends @Nullable Object> T waitFor(Coroutine<T> body, Duration limit) {
        return waitFor((Awaitable<T>) body, limit);
    }

    /** As {@link #waitFor(Coroutine, Duration)}, without a result. Suspends where the body does. */
    public static void waitFor(Action body, Duration limit) {
        waitFor(Coroutine.of(body), limit);
    }

    // Shields.

    /**
     * The same end as the given one, but cancelling this does not cancel that: it goes on, and at
     * the end of {@code run} it is cancelled like any other. A task that is done is given back as
     * it is. What runs on and fails with nobody looking is reported. As asyncio's {@code shield}.
     * Never suspends.
     */
    @SuppressWarnings("unchecked") // a LoopFuture that is an Awaitable<T> gives a T
    public static <T extends @Nullable Object> Task<T> shield(Awaitable<T> awaitable) {
        Objects.requireNonNull(awaitable, "awaitable");
        EventLoop loop = currentLoop();
        if (awaitable instanceof LoopTask<?> task && task.isDone()) {
            return (Task<T>) task;
        }
        return new ShieldTask<>(futures(loop, List.of(awaitable)).getFirst());
    }

    /** As {@link #shield(Awaitable)}; the coroutine becomes a task. Never suspends. */
    public static <T extends @Nullable Object> Task<T> shield(Coroutine<T> body) {
        return shield((Awaitable<T>) body);
    }

    /** As {@link #shield(Coroutine)}, without a result. Never suspends. */
    public static Task<Void> shield(Action body) {
        return shield(Coroutine.of(body));
    }

    /**
     * Runs the body in the current task and keeps requests to cancel away from it: for clean-up
     * that must be let finish, within a bound, and for acquiring what must not be lost. A request
     * that comes meanwhile is thrown by the next suspension after the body, whose result is given
     * back all the same. Timeouts and groups inside the body work as ever. Suspends where the body
     * does.
     *
     * @return the body's result; its failure is thrown as by {@link Coroutine#await}
     * @throws AsyncTimeoutException if the body takes longer than the limit
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T shielded(Duration limit, Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        long nanos = EventLoop.nanosOrLess(limit);
        CoroutineTask<?> task = CoroutineTask.current("be shielded");
        return task.shielded(() -> Timeout.after(task, nanos, timeout -> body.run()));
    }

    /**
     * As {@link #shielded(Duration, Coroutine)}, without a result. Suspends where the body does.
     */
    public static void shielded(Duration limit, Action body) {
        shielded(limit, Coroutine.of(body));
    }

    /**
     * As {@link #shielded(Duration, Coroutine)}, without a bound: for a body that is known to end,
     * since nothing else can end it. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T shielded(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineTask.current("be shielded").shielded(body);
    }

    /** As {@link #shielded(Coroutine)}, without a result. Suspends where the body does. */
    public static void shielded(Action body) {
        shielded(Coroutine.of(body));
    }

    // What a request to cancel does at once.

    /**
     * Runs the body in the current task, and calls the action for each request to cancel that comes
     * for the body meanwhile: on the loop, within the call that asks, before the body gets its
     * {@code CancellationException}. For what must stop at once, and around code that may take the
     * exception for an ordinary error. A request that a scope inside the body makes of its own code
     * (a timeout there, say) is not the body's; one that a shield around it holds back comes when
     * the shield ends. If the action throws, that goes to the loop's error handler. Suspends where
     * the body does.
     *
     * @return the body's result; its failure is thrown as by {@link Coroutine#await}
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T onCancel(Runnable action, Coroutine<T> body) {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(body, "body");
        return CoroutineTask.current("have an action for its cancellation").onCancel(action, body);
    }

    /**
     * As {@link #onCancel(Runnable, Coroutine)}, without a result. Suspends where the body does.
     */
    public static void onCancel(Runnable action, Action body) {
        onCancel(action, Coroutine.of(body));
    }

    /**
     * Throws the request to cancel that the next suspension of the current task would throw; if
     * there is none, does nothing. For long work between two awaits, and before what should not be
     * begun any more. Never suspends.
     *
     * @throws java.util.concurrent.CancellationException if a request waits; it is delivered by
     *     that
     * @throws IllegalStateException outside a coroutine
     */
    public static void checkCancelled() {
        CoroutineTask.current("be cancelled").throwRequest();
    }

    // Waiting for several, without touching them.

    /**
     * Waits until all have ended, in any way; none is cancelled, also if this is. Suspends.
     *
     * @throws IllegalArgumentException if there are none, or one belongs to another loop
     */
    public static <T extends @Nullable Object> Waited<T> waitAll(
            Collection<? extends Task<T>> tasks) {
        return waitUntil(Waiting.Until.ALL, tasks, null);
    }

    /**
     * As {@link #waitAll(Collection)}, at most for the given time: then some are pending. Suspends.
     */
    public static <T extends @Nullable Object> Waited<T> waitAll(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitUntil(Waiting.Until.ALL, tasks, Objects.requireNonNull(limit, "limit"));
    }

    /** As {@link #waitAll(Collection)}, until at least one has ended. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirst(
            Collection<? extends Task<T>> tasks) {
        return waitUntil(Waiting.Until.FIRST, tasks, null);
    }

    /** As {@link #waitFirst(Collection)}, at most for the given time. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirst(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitUntil(Waiting.Until.FIRST, tasks, Objects.requireNonNull(limit, "limit"));
    }

    /**
     * As {@link #waitAll(Collection)}, or until one has failed; a cancellation is no failure.
     * Suspends.
     */
    public static <T extends @Nullable Object> Waited<T> waitFirstFailure(
            Collection<? extends Task<T>> tasks) {
        return waitUntil(Waiting.Until.FIRST_FAILURE, tasks, null);
    }

    /** As {@link #waitFirstFailure(Collection)}, at most for the given time. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirstFailure(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitUntil(
                Waiting.Until.FIRST_FAILURE, tasks, Objects.requireNonNull(limit, "limit"));
    }

    private static <T extends @Nullable Object> Waited<T> waitUntil(
            Waiting.Until until, Collection<? extends Task<T>> tasks, @Nullable Duration limit) {
        CoroutineTask<?> task = CoroutineTask.current("wait");
        return Waiting.run(task, tasks, until, deadline(task.loop, limit));
    }

    private static long deadline(EventLoop loop, @Nullable Duration limit) {
        return limit == null ? Long.MAX_VALUE : loop.timeIn(EventLoop.nanosOrLess(limit));
    }

    /**
     * The tasks in the order they end: {@code next()} waits for the next one to end and gives it,
     * done; a task is the same object, everything else becomes a task. Leaving the loop cancels
     * nothing, and a second {@code for} over the same object goes on where the first stopped. Never
     * suspends; {@code next()} suspends unless one has ended.
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables) {
        return completions(awaitables, null);
    }

    /**
     * As {@link #asCompleted(Collection)}; when the time has passed, {@code next()} throws an
     * {@link AsyncTimeoutException} once those that had ended are given. Nothing is cancelled.
     * Never suspends; {@code next()} suspends unless one has ended.
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables, Duration limit) {
        return completions(awaitables, Objects.requireNonNull(limit, "limit"));
    }

    private static <T extends @Nullable Object> Iterable<Task<T>> completions(
            Collection<? extends Awaitable<T>> awaitables, @Nullable Duration limit) {
        EventLoop loop = currentLoop();
        List<LoopFuture<T>> futures = futures(loop, awaitables);
        // One iterator: a for-loop that was left can be taken up again.
        Completions<T> completions = new Completions<>(loop, futures, deadline(loop, limit));
        return () -> completions;
    }

    // Structure.

    /**
     * Runs the body with a group for its tasks, and returns when the body and all tasks of the
     * group have ended, with the body's result. The first failure cancels the rest; when all have
     * ended, it is thrown. A task that is cancelled alone is no failure. If the current task is
     * cancelled, so are the group's, and waited for; if there is a failure then, the failure is
     * thrown here and the cancellation by the next suspension. As asyncio's {@code TaskGroup}.
     * Suspends where the body does, and until all its tasks have ended.
     *
     * <p>The other failures are suppressed in the first, each once, as long as there are no more
     * than 100. They go to the loop's error handler instead if the first is one that the task which
     * failed had been given by what it awaited: others may have that exception too, so it is thrown
     * as it is.
     *
     * @return the body's result; null if {@link TaskGroup#cancel} has interrupted it
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T taskGroup(TaskGroup.Body<T> body) {
        Objects.requireNonNull(body, "body");
        return LoopTaskGroup.run(CoroutineTask.current("have a task group"), body);
    }

    /**
     * As {@link #taskGroup(TaskGroup.Body)}, without a result. Suspends where the body does, and
     * until all its tasks have ended.
     */
    public static void taskGroup(TaskGroup.VoidBody body) {
        taskGroup(valued(body));
    }

    /**
     * As {@link #taskGroup(TaskGroup.Body)}, but a task's failure is its own: the others and the
     * body go on. It is thrown to whoever awaits the task; one that nobody looks at goes to the
     * loop's error handler. The body's failure, and a cancellation, end all as in a task group. As
     * Kotlin's {@code supervisorScope}. Suspends where the body does, and until all its tasks have
     * ended.
     *
     * @return the body's result; null if {@link TaskGroup#cancel} has interrupted it
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T supervisorGroup(TaskGroup.Body<T> body) {
        Objects.requireNonNull(body, "body");
        return LoopTaskGroup.supervise(CoroutineTask.current("have a task group"), body);
    }

    /**
     * As {@link #supervisorGroup(TaskGroup.Body)}, without a result. Suspends where the body does,
     * and until all its tasks have ended.
     */
    public static void supervisorGroup(TaskGroup.VoidBody body) {
        supervisorGroup(valued(body));
    }

    private static TaskGroup.Body<Void> valued(TaskGroup.VoidBody body) {
        Objects.requireNonNull(body, "body");
        return group -> Coroutine.of(() -> body.run(group)).run();
    }

    /**
     * Runs the coroutines at once; the first success is the result, the others are cancelled and
     * waited for. If any of these fails, before that or in its clean-up, the loop's error handler
     * is told. Suspends.
     *
     * @return the result of the first that succeeds
     * @throws RuntimeException if all fail: the first failure as by {@code await()}, the others as
     *     by {@link #taskGroup}
     * @throws java.util.concurrent.CancellationException if the task is cancelled, or all that race
     *     are
     * @throws IllegalArgumentException if there are none
     */
    @SafeVarargs
    public static <T extends @Nullable Object> T race(Coroutine<? extends T>... bodies) {
        return race(Arrays.asList(bodies));
    }

    /** As {@link #race(Coroutine...)}. Suspends. */
    public static <T extends @Nullable Object> T race(
            Collection<? extends Coroutine<? extends T>> bodies) {
        return Race.run(CoroutineTask.current("race"), List.copyOf(bodies));
    }

    // Threads.

    /**
     * Runs a blocking call on a virtual thread outside the loop, at once. If its task is cancelled,
     * its awaiter is free at once, and the thread is interrupted. At the end of {@code run} the
     * thread is waited for. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static <T extends @Nullable Object> Task<T> toThread(Callable<T> blocking) {
        return toThread(OnCancel.INTERRUPT, blocking);
    }

    /** As {@link #toThread(Callable)}, without a result. Never suspends. */
    public static Task<Void> toThread(Action blocking) {
        return toThread(OnCancel.INTERRUPT, blocking);
    }

    /** As {@link #toThread(Callable)}; the thread may be left alone on cancel. Never suspends. */
    public static <T extends @Nullable Object> Task<T> toThread(
            OnCancel onCancel, Callable<T> blocking) {
        return thread(onCancel, blocking).start();
    }

    /** As {@link #toThread(OnCancel, Callable)}, without a result. Never suspends. */
    public static Task<Void> toThread(OnCancel onCancel, Action blocking) {
        return toThread(onCancel, Coroutine.of(blocking)::run);
    }

    /**
     * As {@link #toThread(Callable)}, on a thread of the given executor; which is interrupted only
     * while it runs the call, and not waited for at the end of {@code run}. If the executor drops
     * the call, the task fails as soon as that can be known: when the call has been collected.
     * Never suspends.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses it
     */
    public static <T extends @Nullable Object> Task<T> toThread(
            Executor executor, Callable<T> blocking) {
        Objects.requireNonNull(executor, "executor");
        return thread(OnCancel.INTERRUPT, blocking).start(executor);
    }

    /** As {@link #toThread(Executor, Callable)}, without a result. Never suspends. */
    public static Task<Void> toThread(Executor executor, Action blocking) {
        return toThread(executor, Coroutine.of(blocking)::run);
    }

    private static <T extends @Nullable Object> ThreadTask<T> thread(
            OnCancel onCancel, Callable<T> blocking) {
        Objects.requireNonNull(onCancel, "onCancel");
        Objects.requireNonNull(blocking, "blocking");
        return new ThreadTask<>(currentLoop(), onCancel, blocking);
    }

    // Where am I.

    /**
     * The task whose coroutine calls this; null in a plain callback of a loop. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static @Nullable Task<?> currentTask() {
        CoroutineTask<?> task = CoroutineTask.currentOrNull();
        if (task == null) {
            currentLoop();
        }
        return task;
    }

    /**
     * The tasks of the current loop that are not done, begun or not, in order of creation. Never
     * suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static Set<Task<?>> allTasks() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(currentLoop().tasks.toList()));
    }

    /**
     * The loop this is called on, in a coroutine or a callback. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static EventLoop currentLoop() {
        EventLoop loop = EventLoop.current();
        if (loop == null) {
            throw new IllegalStateException(
                    "No loop runs on this thread; call this in a coroutine run by Async.run, or"
                            + " submit() to an EventLoop");
        }
        return loop;
    }
}
