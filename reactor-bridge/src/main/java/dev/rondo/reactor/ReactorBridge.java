package dev.rondo.reactor;

import dev.rondo.Action;
import dev.rondo.Async;
import dev.rondo.AsyncConsumer;
import dev.rondo.AsyncFunction;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.ContextView;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuple3;
import reactor.util.function.Tuple4;
import reactor.util.function.Tuple5;
import reactor.util.function.Tuple6;
import reactor.util.function.Tuple7;
import reactor.util.function.Tuple8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * Reactor's types as Rondo's and Rondo's as Reactor's; made for {@code import static}, beside that
 * of {@link Async}.
 *
 * <p>Where a loop is not named, it is that of the coroutine that awaits what is made here,
 * whichever thread subscribes for it; else the one that is current where the subscription is made;
 * else one that all share, on a daemon thread that starts when it is first needed.
 */
public final class ReactorBridge {
    static {
        LoopThreads.makeNonBlocking();
    }

    private ReactorBridge() {}

    // A coroutine or a task as a Mono.

    /**
     * The coroutine as a cold Mono: each subscriber has it run as a new task of the loop, which
     * begins after {@code subscribe} has returned. A result of null completes empty. The body sees
     * the subscriber's Context, by {@link #contextView}, in context variables that it has as keys
     * and in thread-locals that it has by Micrometer's context-propagation; it sees nothing of the
     * thread that subscribes.
     *
     * <p>Failure: what the body throws, a cancellation or timeout of its own too, is the error, the
     * same object. On a closed loop the error is a {@code RejectedExecutionException}.
     *
     * <p>Cancellation: disposing cancels, before it returns and on any thread, the publishers that
     * the body waits for, itself or in tasks that it waits for in a gather or a group, but not
     * behind a shield; and from then on, until the {@code CancellationException} is delivered to
     * the body on its loop, nothing more is subscribed to. Clean-up may await again; it runs after
     * downstream's, so a transaction around the body has been rolled back by then, and must not be
     * used. What the body fails with afterwards goes to {@code Hooks.onErrorDropped}, but for a
     * mere {@code CancellationException}.
     *
     * <p>Signals are given on the loop's thread.
     */
    public static <T> Mono<T> mono(EventLoop loop, Coroutine<? extends @Nullable T> body) {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(body, "body");
        return CoroutineMono.of(loop, body);
    }

    /** As {@link #mono(EventLoop, Coroutine)}, on the current loop, else the shared one. */
    public static <T> Mono<T> mono(Coroutine<? extends @Nullable T> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineMono.of(LoopChoice.CURRENT, body);
    }

    /**
     * As {@link #mono(EventLoop, Coroutine)}, on a loop of the group: on that where it is
     * subscribed, if that is one of them, else on the group's next. Two subscribers may run at the
     * same time, on two loops.
     */
    public static <T> Mono<T> mono(LoopGroup group, Coroutine<? extends @Nullable T> body) {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(body, "body");
        return CoroutineMono.of(LoopChoice.of(group), body);
    }

    /** As {@link #mono(EventLoop, Coroutine)}, always empty. */
    public static Mono<Void> mono(EventLoop loop, Action body) {
        Objects.requireNonNull(loop, "loop");
        return CoroutineMono.of(loop, Coroutine.of(body));
    }

    /** As {@link #mono(LoopGroup, Coroutine)}, always empty. */
    public static Mono<Void> mono(LoopGroup group, Action body) {
        Objects.requireNonNull(group, "group");
        return CoroutineMono.of(LoopChoice.of(group), Coroutine.of(body));
    }

    /** As {@link #mono(Coroutine)}, always empty. */
    public static Mono<Void> mono(Action body) {
        return CoroutineMono.of(LoopChoice.CURRENT, Coroutine.of(body));
    }

    /**
     * The end of a task that runs anyway, for any number of subscribers; null completes empty, a
     * cancelled task is an error. Disposing leaves the task alone. From any thread; signals are
     * given on the task's loop, or where a subscriber asks for what is there already.
     */
    public static <T> Mono<T> toMono(Task<? extends @Nullable T> task) {
        Objects.requireNonNull(task, "task");
        return TaskMono.of(task);
    }

    // A Publisher as a task, awaited.

    /**
     * Subscribes now, on the calling thread; the task, which is one of the loop's, ends as {@link
     * #await(Publisher)} would. Cancelling the task cancels the subscription. Never suspends. From
     * any thread.
     *
     * @throws CancellationException in a coroutine that is to end: then nothing is subscribed to
     * @throws IllegalStateException if the loop is closed; then nothing is subscribed to
     */
    @SuppressWarnings("NullAway") // as a Mono's type, a task's does not say that it may be empty
    public static <T> Task<T> toTask(EventLoop loop, Publisher<? extends T> source) {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(source, "source");
        return ResultSubscriber.<T>task(loop, source);
    }

    /** As {@link #toTask(EventLoop, Publisher)}, on the current loop, else the shared one. */
    public static <T> Task<T> toTask(Publisher<? extends T> source) {
        return toTask(SharedLoop.orCurrent(), source);
    }

    /**
     * Subscribes and waits until the Mono has completed; does not suspend if it completes within
     * {@code subscribe}. It sees the coroutine's Context ({@link #contextView}). What it gives and
     * nobody takes any more, because the task has been cancelled meanwhile, goes to the {@code
     * doOnDiscard} that is written on it or around the coroutine.
     *
     * @return its value, or null if it is empty; {@link #awaitOptional} says so in its type
     * @throws RuntimeException its error: as the same object if unchecked, else inside a {@code
     *     CompletionException}
     * @throws CancellationException if the task is cancelled; then the subscription is too, also
     *     where the coroutine is in a callback of the publisher itself, and if a request waited
     *     before, nothing is subscribed to
     * @throws IllegalStateException outside a coroutine
     */
    public static <T> T await(Mono<? extends T> source) {
        return await(ResultSubscriber.Which.ONLY, source);
    }

    /** As {@link #await(Mono)}, until the completion of any Publisher; the last element counts. */
    public static <T> T await(Publisher<? extends T> source) {
        return await(ResultSubscriber.Which.of(source), source);
    }

    /** As {@link #await(Publisher)}, of the JDK's kind of Publisher. */
    public static <T> T await(Flow.Publisher<? extends T> source) {
        return await(ResultSubscriber.Which.LAST, publisher(source));
    }

    /**
     * As {@link #await(Publisher)}, but until the first element, and cancels the rest: not for a
     * Mono that has work to do at its completion.
     */
    public static <T> T awaitFirst(Publisher<? extends T> source) {
        return await(ResultSubscriber.Which.FIRST, source);
    }

    /** As {@link #await(Publisher)}; empty is {@link Optional#empty}. */
    public static <T> Optional<T> awaitOptional(Publisher<? extends T> source) {
        return Optional.ofNullable(await(ResultSubscriber.Which.of(source), source));
    }

    @SuppressWarnings("NullAway") // an empty one gives null; awaitOptional is for those who mind
    private static <T> T await(ResultSubscriber.Which which, Publisher<? extends T> source) {
        Objects.requireNonNull(source, "source");
        Task<?> task = taskOfCoroutine("await a publisher");
        return ResultSubscriber.await(Async.currentLoop(), task, which, source);
    }

    /** The task of the coroutine that calls; refuses everybody else. */
    static Task<?> taskOfCoroutine(String what) {
        Task<?> task = EventLoop.current() == null ? null : Async.currentTask();
        if (task == null) {
            throw new IllegalStateException(
                    "Only a coroutine can "
                            + what
                            + "; make one with mono(() -> ...) or EventLoop.submit. Elsewhere,"
                            + " subscribe to it.");
        }
        return task;
    }

    private static <T> Publisher<T> publisher(Flow.Publisher<T> source) {
        return FlowAdapters.toPublisher(Objects.requireNonNull(source, "source"));
    }

    // Several at once.

    /**
     * Subscribes to all now, in order; their results in that order, null for an empty one. It is
     * {@code Mono.zip} underneath: the first error is the task's, and the others are cancelled; so
     * are all if the task is cancelled. A Publisher that is no Mono gives its last element.
     *
     * @throws NullPointerException if one is null; then none is subscribed to
     * @throws IllegalStateException outside a running loop
     */
    @SafeVarargs
    @SuppressWarnings("NullAway") // a list with nulls in it is not worth a mark on every use
    public static <T> Task<List<T>> gather(Publisher<? extends T>... sources) {
        Mono<Object> nothing = Mono.just(NOTHING);
        List<Mono<Object>> monos = new ArrayList<>();
        for (Publisher<? extends T> source : sources) {
            monos.add(ReactorBridge.<T>one(source).cast(Object.class).switchIfEmpty(nothing));
        }
        Mono<List<T>> all =
                monos.isEmpty() ? Mono.just(List.of()) : Mono.zip(monos, ReactorBridge::list);
        return toTask(Async.currentLoop(), all);
    }

    /** Its last element. Reactor's operators trust a publisher that is not Reactor's; we do not. */
    private static <T> Mono<? extends T> one(Publisher<? extends T> source) {
        if (source instanceof Mono<? extends T> mono) {
            return mono;
        }
        if (source instanceof Flux<? extends T> flux) {
            return flux.takeLast(1).singleOrEmpty();
        }
        Objects.requireNonNull(source, "One of the publishers is null");
        return ReactorBridge.<T>mono(() -> await(source));
    }

    /** In the place of an empty one, since {@code zip} would end with it. */
    private static final Object NOTHING = new Object();

    @SuppressWarnings({"unchecked", "NullAway"}) // zip gives back what it was given
    private static <T> List<T> list(Object[] values) {
        List<T> list = new ArrayList<>(values.length);
        for (Object value : values) {
            list.add(value == NOTHING ? null : (T) value);
        }
        return Collections.unmodifiableList(list);
    }

    /**
     * The coroutines at once, each a task, as {@code Mono.zip} of their {@link #mono(Coroutine)}s:
     * one that fails, or gives null, ends it, with the error or empty, and cancels the others.
     */
    public static <A, B> Mono<Tuple2<A, B>> zip(
            Coroutine<? extends @Nullable A> a, Coroutine<? extends @Nullable B> b) {
        return Mono.zip(mono(a), mono(b));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C> Mono<Tuple3<A, B, C>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c) {
        return Mono.zip(mono(a), mono(b), mono(c));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C, D> Mono<Tuple4<A, B, C, D>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c,
            Coroutine<? extends @Nullable D> d) {
        return Mono.zip(mono(a), mono(b), mono(c), mono(d));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C, D, E> Mono<Tuple5<A, B, C, D, E>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c,
            Coroutine<? extends @Nullable D> d,
            Coroutine<? extends @Nullable E> e) {
        return Mono.zip(mono(a), mono(b), mono(c), mono(d), mono(e));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C, D, E, F> Mono<Tuple6<A, B, C, D, E, F>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c,
            Coroutine<? extends @Nullable D> d,
            Coroutine<? extends @Nullable E> e,
            Coroutine<? extends @Nullable F> f) {
        return Mono.zip(mono(a), mono(b), mono(c), mono(d), mono(e), mono(f));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C, D, E, F, G> Mono<Tuple7<A, B, C, D, E, F, G>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c,
            Coroutine<? extends @Nullable D> d,
            Coroutine<? extends @Nullable E> e,
            Coroutine<? extends @Nullable F> f,
            Coroutine<? extends @Nullable G> g) {
        return Mono.zip(mono(a), mono(b), mono(c), mono(d), mono(e), mono(f), mono(g));
    }

    /** As {@link #zip(Coroutine, Coroutine)}. */
    public static <A, B, C, D, E, F, G, H> Mono<Tuple8<A, B, C, D, E, F, G, H>> zip(
            Coroutine<? extends @Nullable A> a,
            Coroutine<? extends @Nullable B> b,
            Coroutine<? extends @Nullable C> c,
            Coroutine<? extends @Nullable D> d,
            Coroutine<? extends @Nullable E> e,
            Coroutine<? extends @Nullable F> f,
            Coroutine<? extends @Nullable G> g,
            Coroutine<? extends @Nullable H> h) {
        return Mono.zip(mono(a), mono(b), mono(c), mono(d), mono(e), mono(f), mono(g), mono(h));
    }

    /** As {@link #zip(Coroutine, Coroutine)}, of any number; of none it is empty. */
    @SuppressWarnings("unchecked") // zip gives back what it was given
    public static <T> Mono<List<T>> zip(List<? extends Coroutine<? extends @Nullable T>> bodies) {
        List<Mono<T>> monos = new ArrayList<>();
        for (Coroutine<? extends @Nullable T> body : bodies) {
            monos.add(
                    CoroutineMono.of(
                            LoopChoice.CURRENT,
                            Objects.requireNonNull(body, "one of the coroutines is null")));
        }
        return Mono.zip(monos, values -> (List<T>) List.of(values));
    }

    // Streams.

    /**
     * A coroutine that emits, as a cold Flux: each subscriber has it run as a new task of the loop,
     * which begins after {@code subscribe} has returned. {@link Emitter#emit} suspends while there
     * is no demand; the end of the body, or its failure, needs none. Context, failure and
     * cancellation are as with {@link #mono(EventLoop, Coroutine)}: on cancel, the body is
     * cancelled where it stands and cleans up on the loop. A body that waits for demand is kept
     * until its subscriber asks for more or cancels: a subscription must not be forgotten.
     */
    public static <T> Flux<T> flux(EventLoop loop, AsyncConsumer<Emitter<T>> body) {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(body, "body");
        return CoroutineFlux.of(loop, body);
    }

    /**
     * As {@link #flux(EventLoop, AsyncConsumer)}, on a loop of the group, as {@link
     * #mono(LoopGroup, Coroutine)}.
     */
    public static <T> Flux<T> flux(LoopGroup group, AsyncConsumer<Emitter<T>> body) {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(body, "body");
        return CoroutineFlux.of(LoopChoice.of(group), body);
    }

    /** As {@link #flux(EventLoop, AsyncConsumer)}, on the current loop, else the shared one. */
    public static <T> Flux<T> flux(AsyncConsumer<Emitter<T>> body) {
        Objects.requireNonNull(body, "body");
        return CoroutineFlux.of(LoopChoice.CURRENT, body);
    }

    /** As {@link #iterate(Publisher, int)}, with Reactor's usual prefetch of 256. */
    public static <T> ElementStream<T> iterate(Publisher<? extends T> source) {
        return iterate(source, Queues.SMALL_BUFFER_SIZE);
    }

    /**
     * The elements of a stream for a {@code for} loop in a coroutine, which suspends while there
     * are none. At most {@code prefetch} are asked for ahead; more are asked for when three
     * quarters have been taken. After 256 elements without a suspension it gives way, if anything
     * else could run. Leaving the loop early does not end the subscription: close the stream for
     * that, use {@link #forEach}, or end the task. What has arrived then and was not taken goes to
     * the {@code doOnDiscard} that is written on the publisher or around the coroutine.
     *
     * @param prefetch {@code Integer.MAX_VALUE}: without a bound
     * @throws IllegalArgumentException if the prefetch is not positive
     */
    public static <T> ElementStream<T> iterate(Publisher<? extends T> source, int prefetch) {
        Objects.requireNonNull(source, "source");
        if (prefetch < 1) {
            throw new IllegalArgumentException(
                    "The prefetch is " + prefetch + "; at least one element must be asked for");
        }
        return new PublisherStream<>(source, prefetch);
    }

    /** As {@link #iterate(Publisher)}, of the JDK's kind of Publisher. */
    public static <T> ElementStream<T> iterate(Flow.Publisher<? extends T> source) {
        return iterate(publisher(source));
    }

    /**
     * Runs the action with each element, in order; the action may await, and elements wait for it.
     * If it fails, the subscription is cancelled.
     *
     * @throws RuntimeException the stream's error, as by {@link #await(Publisher)}, or the
     *     action's, as by {@link Coroutine#await}
     * @throws CancellationException if the task is cancelled; then the subscription is too
     * @throws IllegalStateException outside a coroutine
     */
    public static <T> void forEach(Publisher<? extends T> source, AsyncConsumer<? super T> action) {
        Objects.requireNonNull(action, "action");
        Coroutine.of(
                        () -> {
                            try (ElementStream<T> stream = iterate(source)) {
                                for (T value : stream) {
                                    action.accept(value);
                                }
                            }
                        })
                .await();
    }

    /**
     * For {@code flux.transform(...)}: as {@code map}, with a function that may await. One element
     * after another, each in a coroutine of its own on the loop of the subscription. As {@code
     * concatMap}, an error of the source cancels what is under way; so does a function that fails,
     * or gives null.
     */
    public static <T, R> Function<Flux<T>, Flux<R>> mapAwait(
            AsyncFunction<? super T, ? extends R> fn) {
        Objects.requireNonNull(fn, "fn");
        return source -> onOneLoop(loop -> source.concatMap(value -> applied(loop, fn, value)));
    }

    /** As {@link #mapAwait}, for {@code filter}: what the function refuses is discarded. */
    public static <T> Function<Flux<T>, Flux<T>> filterAwait(AsyncFunction<? super T, Boolean> fn) {
        Objects.requireNonNull(fn, "fn");
        return source -> onOneLoop(loop -> source.concatMap(value -> kept(loop, fn, value)));
    }

    private static <T> Mono<T> kept(EventLoop loop, AsyncFunction<? super T, Boolean> fn, T value) {
        Coroutine<@Nullable T> body =
                () -> {
                    if (Objects.requireNonNull(fn.apply(value), "The function returned null")) {
                        return value;
                    }
                    Operators.onDiscard(value, CoroutineContext.current(loop));
                    return null;
                };
        return CoroutineMono.of(loop, body);
    }

    /**
     * As {@link #mapAwait}, for {@code flatMap}: up to so many elements at once, results as they
     * come.
     *
     * @throws IllegalArgumentException if the concurrency is not positive
     */
    public static <T, R> Function<Flux<T>, Flux<R>> flatMapAwait(
            int concurrency, AsyncFunction<? super T, ? extends R> fn) {
        Objects.requireNonNull(fn, "fn");
        checkConcurrency(concurrency);
        return source ->
                onOneLoop(loop -> source.flatMap(value -> applied(loop, fn, value), concurrency));
    }

    /** As {@link #flatMapAwait}, with the results in the order of the elements. */
    public static <T, R> Function<Flux<T>, Flux<R>> flatMapSequentialAwait(
            int concurrency, AsyncFunction<? super T, ? extends R> fn) {
        Objects.requireNonNull(fn, "fn");
        checkConcurrency(concurrency);
        return source ->
                onOneLoop(loop ->
                        source.flatMapSequential(value -> applied(loop, fn, value), concurrency));
    }

    private static void checkConcurrency(int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("The concurrency is " + concurrency);
        }
    }

    /** The loop is that of the subscription, whichever thread the elements come on. */
    private static <R> Flux<R> onOneLoop(Function<EventLoop, Flux<R>> operator) {
        return Flux.deferContextual(context -> operator.apply(CoroutineContext.loopOf(context)));
    }

    private static <T, R> Mono<R> applied(
            EventLoop loop, AsyncFunction<? super T, ? extends R> fn, T value) {
        return mono(
                loop, () -> Objects.requireNonNull(fn.apply(value), "The function returned null"));
    }

    // The loop as a Scheduler.

    /**
     * The loop as a Reactor scheduler: its tasks run on the loop's thread, in one queue with the
     * loop's callbacks and coroutines, and its delays are the loop's timers. Two schedulers of one
     * loop are equal.
     *
     * <p>The scheduler is a view. {@code dispose()} makes it refuse more work and cancels what it
     * has taken on; the loop goes on, and so do its other schedulers. {@code disposeGracefully()}
     * lets what is queued and delayed run to its end first: prefer it, because an operator whose
     * queued work is thrown away may never end. Once the loop is closed, by whomever, every
     * submission is refused with a {@link java.util.concurrent.RejectedExecutionException}. On a
     * loop that does not run, tasks wait until it does.
     *
     * <p>A task that fails goes to {@link reactor.core.scheduler.Schedulers#onHandleError} and to
     * the thread's uncaught exception handler; the loop goes on. No task is ever interrupted. Any
     * thread may call any method.
     */
    public static Scheduler scheduler(EventLoop loop) {
        return LoopScheduler.viewOf(loop);
    }

    /**
     * A scheduler on a new loop of its own, which runs now on a daemon thread with the given name.
     * As {@link #scheduler}, but disposing it closes the loop, which cancels the coroutines that
     * its tasks have started; {@code disposeGracefully()} ends when the loop has closed. {@code
     * dispose()} does not wait, and may be called from a task.
     *
     * @throws IllegalStateException if {@code -Ddev.rondo.fiber=mounted} is set and cannot be had
     */
    public static Scheduler newLoopScheduler(String name) {
        return LoopScheduler.ofNewLoop(name);
    }

    // Context.

    /**
     * The Context of the coroutine that calls: that of the subscriber it works for, and its context
     * variables, each under itself as key. What it awaits sees the same.
     *
     * @throws IllegalStateException outside a coroutine
     */
    public static ContextView contextView() {
        taskOfCoroutine("have a context");
        return Propagation.withThreadLocals(CoroutineContext.current(Async.currentLoop()));
    }
}
