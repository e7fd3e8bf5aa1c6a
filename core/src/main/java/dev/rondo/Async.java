package dev.rondo;

import dev.rondo.internal.loop.Tasks;
import dev.rondo.internal.loop.WaitUntil;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
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
        return Tasks.create(null, body);
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
        return Tasks.create(Objects.requireNonNull(name, "name"), body);
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
        return Tasks.gather(awaitables);
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
        return Tasks.gatherSettled(awaitables);
    }

    private static List<Coroutine<Void>> coroutines(Action[] bodies) {
        return Arrays.stream(bodies).map(Coroutine::of).toList();
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
        Tasks.sleep(delay);
    }

    /**
     * Lets everything else that is ready run, then goes on: asyncio's {@code sleep(0)}. Suspends.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static void yieldNow() {
        Tasks.yieldNow();
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
        Tasks.yieldIfNeeded();
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
        return Tasks.await(stage);
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
        return Tasks.timeout(limit, timeout -> body.run());
    }

    /** As {@link #timeout(Duration, Coroutine)}, without a result. Suspends where the body does. */
    public static void timeout(Duration limit, Action body) {
        timeout(limit, Coroutine.of(body));
    }

    /**
     * As {@link #timeout(Duration, Coroutine)}; the body is given the timeout, and may move it and
     * ask whether it has fired. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T timeout(
            Duration limit, AsyncFunction<Timeout, T> body) {
        return Tasks.timeout(limit, body);
    }

    /**
     * As {@link #timeout(Duration, AsyncFunction)}, without a result. Suspends where the body does.
     */
    public static void timeout(Duration limit, AsyncConsumer<Timeout> body) {
        Tasks.timeout(limit, valued(body));
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
        return Tasks.timeoutOrNull(limit, body);
    }

    /**
     * As {@link #timeout(Duration, Coroutine)}, until a time of {@link EventLoop#time}; {@code
     * Long.MAX_VALUE} means for ever. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T timeoutAt(long nanoTime, Coroutine<T> body) {
        return Tasks.timeoutAt(nanoTime, body);
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
     * @throws java.util.concurrent.CancellationException if it or the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T waitFor(Duration limit, Awaitable<T> awaitable) {
        return Tasks.waitFor(limit, awaitable);
    }

    /**
     * As {@link #waitFor(Duration, Awaitable)}; the coroutine runs in the current task. Suspends
     * where the body does.
     */
    public static <T extends @Nullable Object> T waitFor(Duration limit, Coroutine<T> body) {
        return Tasks.waitFor(limit, body);
    }

    /** As {@link #waitFor(Duration, Coroutine)}, without a result. Suspends where the body does. */
    public static void waitFor(Duration limit, Action body) {
        waitFor(limit, Coroutine.of(body));
    }

    /** As {@link #waitFor(Duration, Awaitable)}, in asyncio's order. Suspends unless it is done. */
    public static <T extends @Nullable Object> T waitFor(Awaitable<T> awaitable, Duration limit) {
        return waitFor(limit, awaitable);
    }

    /**
     * As {@link #waitFor(Duration, Coroutine)}, in asyncio's order. Suspends where the body does.
     */
    public static <T extends @Nullable Object> T waitFor(Coroutine<T> body, Duration limit) {
        return waitFor(limit, body);
    }

    /** As {@link #waitFor(Duration, Action)}, in asyncio's order. Suspends where the body does. */
    public static void waitFor(Action body, Duration limit) {
        waitFor(limit, body);
    }

    // Shields.

    /**
     * The same end as the given one, but cancelling this does not cancel that: it goes on, and at
     * the end of {@code run} it is cancelled like any other. A task that is done is given back as
     * it is. What runs on and fails with nobody looking is reported. As asyncio's {@code shield}.
     * Never suspends.
     */
    public static <T extends @Nullable Object> Task<T> shield(Awaitable<T> awaitable) {
        return Tasks.shield(awaitable);
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
        return Tasks.shielded(limit, body);
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
        return Tasks.shielded(body);
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
        return Tasks.onCancel(action, body);
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
        Tasks.checkCancelled();
    }

    // Waiting for several, without touching them.

    /**
     * Waits until all have ended, in any way; none is cancelled, also if this is. Suspends.
     *
     * @throws IllegalArgumentException if there are none, or one belongs to another loop
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> Waited<T> waitAll(
            Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(WaitUntil.ALL, null, tasks);
    }

    /**
     * As {@link #waitAll(Collection)}, at most for the given time: then some are pending. Suspends.
     */
    public static <T extends @Nullable Object> Waited<T> waitAll(
            Duration limit, Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(WaitUntil.ALL, Objects.requireNonNull(limit, "limit"), tasks);
    }

    /** As {@link #waitAll(Duration, Collection)}, in asyncio's order. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitAll(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitAll(limit, tasks);
    }

    /** As {@link #waitAll(Collection)}, until at least one has ended. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirst(
            Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(WaitUntil.FIRST, null, tasks);
    }

    /** As {@link #waitFirst(Collection)}, at most for the given time. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirst(
            Duration limit, Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(WaitUntil.FIRST, Objects.requireNonNull(limit, "limit"), tasks);
    }

    /** As {@link #waitFirst(Duration, Collection)}, in asyncio's order. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirst(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitFirst(limit, tasks);
    }

    /**
     * As {@link #waitAll(Collection)}, or until one has failed; a cancellation is no failure.
     * Suspends.
     */
    public static <T extends @Nullable Object> Waited<T> waitFirstFailure(
            Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(WaitUntil.FIRST_FAILURE, null, tasks);
    }

    /** As {@link #waitFirstFailure(Collection)}, at most for the given time. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirstFailure(
            Duration limit, Collection<? extends Task<T>> tasks) {
        return Tasks.waitUntil(
                WaitUntil.FIRST_FAILURE, Objects.requireNonNull(limit, "limit"), tasks);
    }

    /** As {@link #waitFirstFailure(Duration, Collection)}, in asyncio's order. Suspends. */
    public static <T extends @Nullable Object> Waited<T> waitFirstFailure(
            Collection<? extends Task<T>> tasks, Duration limit) {
        return waitFirstFailure(limit, tasks);
    }

    /**
     * The tasks in the order they end: {@code next()} waits for the next one to end and gives it,
     * done; a task or promise is the same object, everything else becomes a task. Leaving the loop
     * cancels nothing, and a second {@code for} over the same object goes on where the first
     * stopped. Never suspends; {@code next()} suspends unless one has ended.
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables) {
        return Tasks.asCompleted(null, awaitables);
    }

    /**
     * As {@link #asCompleted(Collection)}; when the time has passed, {@code next()} throws an
     * {@link AsyncTimeoutException} once those that had ended are given. Nothing is cancelled.
     * Never suspends; {@code next()} suspends unless one has ended.
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            Duration limit, Collection<? extends Awaitable<T>> awaitables) {
        return Tasks.asCompleted(Objects.requireNonNull(limit, "limit"), awaitables);
    }

    /**
     * As {@link #asCompleted(Duration, Collection)}, in asyncio's order. Never suspends; {@code
     * next()} suspends unless one has ended.
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
            Collection<? extends Awaitable<T>> awaitables, Duration limit) {
        return asCompleted(limit, awaitables);
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
    public static <T extends @Nullable Object> T taskGroup(AsyncFunction<TaskGroup, T> body) {
        return Tasks.group(body);
    }

    /**
     * As {@link #taskGroup(AsyncFunction)}, without a result. Suspends where the body does, and
     * until all its tasks have ended.
     */
    public static void taskGroup(AsyncConsumer<TaskGroup> body) {
        taskGroup(valued(body));
    }

    /**
     * As {@link #taskGroup(AsyncFunction)}, but a task's failure is its own: the others and the
     * body go on. It is thrown to whoever awaits the task; one that nobody looks at goes to the
     * loop's error handler. The body's failure, and a cancellation, end all as in a task group. As
     * Kotlin's {@code supervisorScope}. Suspends where the body does, and until all its tasks have
     * ended.
     *
     * @return the body's result; null if {@link TaskGroup#cancel} has interrupted it
     * @throws IllegalStateException outside a coroutine
     */
    public static <T extends @Nullable Object> T supervisorGroup(AsyncFunction<TaskGroup, T> body) {
        return Tasks.supervisorGroup(body);
    }

    /**
     * As {@link #supervisorGroup(AsyncFunction)}, without a result. Suspends where the body does,
     * and until all its tasks have ended.
     */
    public static void supervisorGroup(AsyncConsumer<TaskGroup> body) {
        supervisorGroup(valued(body));
    }

    private static <S> AsyncFunction<S, Void> valued(AsyncConsumer<S> body) {
        Objects.requireNonNull(body, "body");
        return scope -> Coroutine.of(() -> body.accept(scope)).run();
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
        return Tasks.race(bodies);
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
        return Tasks.toThread(onCancel, blocking);
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
        return Tasks.toThread(executor, blocking);
    }

    /** As {@link #toThread(Executor, Callable)}, without a result. Never suspends. */
    public static Task<Void> toThread(Executor executor, Action blocking) {
        return toThread(executor, Coroutine.of(blocking)::run);
    }

    // Where am I.

    /**
     * The task whose coroutine calls this; null in a plain callback of a loop. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static @Nullable Task<?> currentTask() {
        return Tasks.current();
    }

    /**
     * The tasks of the current loop that are not done, begun or not, in order of creation. Never
     * suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static Set<Task<?>> allTasks() {
        return Tasks.all();
    }

    /**
     * The loop this is called on, in a coroutine or a callback. Never suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static EventLoop currentLoop() {
        return Tasks.currentLoop();
    }
}
