package dev.rondo;

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
import java.util.concurrent.CompletionStage;

/**
 * What a coroutine can do, made for {@code import static dev.rondo.Async.*}. Each method works on
 * the loop it is called on. Those that take a coroutine also take a lambda that returns nothing.
 *
 * <p>Suspension points are {@link #sleep}, {@link #yieldNow}, {@link #await} and {@code await()};
 * all else here returns at once.
 */
public final class Async {
    private Async() {}

    // Running.

    /**
     * Runs the coroutine on a new loop and blocks the calling thread until it has ended, with all
     * the tasks it has left behind: these are cancelled in order of creation and waited for. As
     * asyncio's {@code run}.
     *
     * @return the coroutine's result; its failure is thrown as by {@link Task#await}
     * @throws IllegalStateException on a loop's thread or in a coroutine
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        try (EventLoop loop = EventLoop.create()) {
            return loop.run(main);
        }
    }

    /** As {@link #run(Coroutine)}, without a result. */
    public static void run(Action main) {
        try (EventLoop loop = EventLoop.create()) {
            loop.run(main);
        }
    }

    /**
     * Makes the coroutine a task that runs beside the current one. It begins when its turn comes,
     * in the order of creation, not before the current task suspends.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body) {
        Objects.requireNonNull(body, "body");
        return currentLoop().createTask(null, body);
    }

    /** As {@link #createTask(Coroutine)}, without a result. */
    public static Task<Void> createTask(Action body) {
        return createTask(coroutine(body));
    }

    /** As {@link #createTask(Coroutine)}, with a name, which is also its thread's. */
    public static <T extends @Nullable Object> Task<T> createTask(String name, Coroutine<T> body) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        return currentLoop().createTask(name, body);
    }

    /** As {@link #createTask(String, Coroutine)}, without a result. */
    public static Task<Void> createTask(String name, Action body) {
        return createTask(name, coroutine(body));
    }

    /** As Reactor's {@code Mono<Void>}: a type without a value, whose null is not worth a mark. */
    @SuppressWarnings("NullAway")
    static Coroutine<Void> coroutine(Action body) {
        Objects.requireNonNull(body, "body");
        return () -> {
            body.run();
            return null;
        };
    }

    // Several at once.

    /** A task that is done, with an empty list. */
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
     * gather}.
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
     * are done, so is the result.
     *
     * @throws IllegalArgumentException if one of them belongs to another loop; then none has begun
     */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Awaitable<? extends T>... awaitables) {
        return gather(Arrays.asList(awaitables));
    }

    /** As {@link #gather(Coroutine...)}, without results: a list of nulls. */
    public static Task<List<Void>> gather(Action... bodies) {
        return gather(coroutines(bodies));
    }

    /** As {@link #gather(Awaitable...)}; coroutines among them become tasks. */
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        EventLoop loop = currentLoop();
        return new GatherTask<>(loop, futures(loop, awaitables), true, LoopFuture::result);
    }

    /**
     * As {@link #gather(Coroutine...)}, but it waits for all of them and takes failures, and
     * cancellations of single ones, as outcomes: asyncio's {@code gather(return_exceptions=True)}.
     */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Coroutine<? extends T>... bodies) {
        return gatherSettled(Arrays.asList(bodies));
    }

    /** As {@link #gatherSettled(Coroutine...)}, of tasks and promises. */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Awaitable<? extends T>... awaitables) {
        return gatherSettled(Arrays.asList(awaitables));
    }

    /** As {@link #gatherSettled(Coroutine...)}, without results. */
    public static Task<List<Outcome<Void>>> gatherSettled(Action... bodies) {
        return gatherSettled(coroutines(bodies));
    }

    /** As {@link #gatherSettled(Awaitable...)}; coroutines among them become tasks. */
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherSettled(
            Collection<? extends Awaitable<? extends T>> awaitables) {
        EventLoop loop = currentLoop();
        return new GatherTask<>(loop, futures(loop, awaitables), false, LoopFuture::toOutcome);
    }

    private static List<Coroutine<Void>> coroutines(Action[] bodies) {
        return Arrays.stream(bodies).map(Async::coroutine).toList();
    }

    /** What to wait for; checks all before it starts any. */
    @SuppressWarnings("unchecked") // an Awaitable<? extends T> is as good as an Awaitable<T>
    private static <T extends @Nullable Object> List<LoopFuture<T>> futures(
            EventLoop loop, Collection<? extends Awaitable<? extends T>> given) {
        List<Awaitable<? extends T>> awaitables = new ArrayList<>(given);
        for (Awaitable<?> awaitable : awaitables) {
            Objects.requireNonNull(awaitable, "one of the awaitables is null");
            if (awaitable instanceof LoopFuture<?> future && future.loop != loop) {
                throw new IllegalArgumentException(
                        future.label()
                                + " belongs to "
                                + future.loop
                                + ", not to "
                                + loop
                                + "; await its toCompletableFuture() with Async.await");
            }
        }
        IdentityHashMap<Awaitable<?>, LoopFuture<T>> others = new IdentityHashMap<>();
        List<LoopFuture<T>> futures = new ArrayList<>(awaitables.size());
        for (Awaitable<? extends T> awaitable : awaitables) {
            futures.add(
                    switch (awaitable) {
                        case LoopFuture<?> future -> (LoopFuture<T>) future;
                        case Coroutine<? extends T> body -> loop.createTask(null, body);
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
     * Suspends the current task for at least the given time; zero is {@link #yieldNow}. If the task
     * is cancelled meanwhile, the timer is taken back.
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
     * Lets everything else that is ready run, then goes on: asyncio's {@code sleep(0)}.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled
     * @throws IllegalStateException outside a coroutine
     */
    public static void yieldNow() {
        CoroutineTask.current("yield").yieldNow();
    }

    /**
     * Waits for a stage that any thread may complete. What is complete already is returned without
     * suspending. If the waiting task is cancelled, so is the stage, where it can be.
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
        return new StagePromise<>(task.loop, stage).await();
    }

    // Where am I.

    /**
     * The task whose coroutine calls this; null in a plain callback of a loop.
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
     * The tasks of the current loop that are not done, begun or not, in order of creation.
     *
     * @throws IllegalStateException outside a running loop
     */
    public static Set<Task<?>> allTasks() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(currentLoop().tasks.toList()));
    }

    /**
     * The loop this is called on, in a coroutine or a callback.
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
