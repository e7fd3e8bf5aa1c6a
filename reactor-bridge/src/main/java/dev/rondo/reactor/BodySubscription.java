package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.AsyncConsumer;
import dev.rondo.ContextScope;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.LoopClosedException;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * One subscriber's run of a body: the one engine behind {@code mono} and {@code flux}. All signals
 * are given on the loop; {@link #request} and {@link #cancel} may come from any thread.
 */
final class BodySubscription<T> implements Subscription, Emitter<T>, Scannable {
    /*
     * Who emits takes the turn, then one of the demand, then calls onNext: so nothing overlaps (rule
     * 1.3) and nothing comes unasked (rule 1.1). Without demand it waits, still holding the turn, for
     * the promise in `starving`. It puts the promise there and looks at `requested` once more; request()
     * adds to `requested` and then looks for a promise: one of the two sees the other.
     *
     * Only the loop takes the turn and writes what is below `ended`. If the body ends while a task it did
     * not wait for is in onNext, the end is signalled when onNext has returned.
     *
     * Whether the subscriber has cancelled decides what becomes of the body's end, not the type of the
     * exception it ends with: a body may be cancelled from elsewhere, or time out by itself. However often
     * the subscriber cancels, the body is asked once (rule 3.7): a second time would end its clean-up.
     *
     * A cancel is at work before it returns. What the coroutines of the body have subscribed to is in a
     * list from `newest` on, which only the loop changes and any thread may walk, since what is taken out
     * still leads on. cancel() sets `cancelled`, then walks the list and cancels what is there, on its own
     * thread: all that a request to cancel the body would reach. A coroutine puts a source into the list,
     * then looks at `cancelled`, then subscribes: so it is found, or does not subscribe. The request itself
     * is made on the loop: soon, or by the first coroutine that sees `cancelled` before. It goes to
     * the tasks of groups at once, and each that it has reached throws it where it would have subscribed.
     * What is subscribed to after it has been made is clean-up, which cancel() leaves alone, however late it
     * comes by.
     *
     * An error of a source that was on its way through the body when the subscriber cancelled is nobody's:
     * operators that hand over between threads clear theirs as well. An error that the body makes of its own
     * afterwards goes to the hook.
     */
    private static final VarHandle REQUESTED;
    private static final VarHandle CANCELLED;
    private static final VarHandle NEWEST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REQUESTED = lookup.findVarHandle(BodySubscription.class, "requested", long.class);
            CANCELLED = lookup.findVarHandle(BodySubscription.class, "cancelled", boolean.class);
            NEWEST = lookup.findVarHandle(BodySubscription.class, "newest", SourceSubscriber.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoreSubscriber<? super T> actual;
    private final Context context;
    final EventLoop loop;
    private final Turn turn = new Turn();
    private volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean broken;
    private volatile @Nullable Promise<@Nullable Object> starving;
    private volatile @Nullable SourceSubscriber<?> newest;
    private volatile @Nullable Task<?> task;
    private volatile boolean ended;
    private @Nullable Thread bodyThread;

    /** Who has the turn, or had it last. */
    private @Nullable Thread emitting;

    private boolean delivering;
    private int sinceOthers;
    private boolean asked;

    /** What a source has failed with, and a coroutine been told, before the request to end. */
    private @Nullable Throwable passing;

    BodySubscription(CoreSubscriber<? super T> actual, EventLoop loop) {
        this.actual = actual;
        this.loop = loop;
        context = actual.currentContext();
    }

    /** Of the subscriber. */
    Context context() {
        return context;
    }

    /** Gives the subscriber this subscription, then runs the body as a task of the loop. */
    void start(AsyncConsumer<Emitter<T>> body) {
        actual.onSubscribe(this);
        if (cancelled) {
            return;
        }
        try {
            ContextScope scope = CoroutineContext.scopeOf(this);
            Task<?> begun = loop.submit(scope, Coroutine.of(() -> run(body)));
            task = begun;
            if (cancelled) {
                loop.tryRun(this::askToEnd);
            }
            begun.onDone(ContextScope.empty(), done -> bodyEnded());
        } catch (LoopClosedException e) {
            // The loop has closed: before the body could begin, or when it had ended.
            if (task != null && task.isDone()) {
                bodyEnded();
            } else {
                actual.onError(Operators.onRejectedExecution(e, context));
            }
        }
    }

    private void run(AsyncConsumer<Emitter<T>> body) throws Exception {
        bodyThread = Thread.currentThread();
        // The thread that subscribes may not have come so far.
        task = Async.currentTask();
        Runnable undo = Propagation.setThreadLocals(context);
        try {
            body.accept(this);
        } finally {
            if (undo != null) {
                undo(undo);
            }
        }
    }

    /** What the body has done stands, whether or not this fails. */
    private static void undo(Runnable undo) {
        try {
            undo.run();
        } catch (Throwable e) {
            TaskErrors.report(e);
        }
    }

    /** As {@link #start}, for a body whose result is the only element, if it is not null. */
    void startForResult(Coroutine<? extends @Nullable T> body) {
        start(emitter -> {
            T result = body.run();
            if (result != null) {
                try {
                    // A body that has cancelled itself is cancelled before the value is out.
                    Async.checkCancelled();
                    emit(result);
                } catch (CancellationException e) {
                    Operators.onDiscard(result, context);
                    throw e;
                }
            }
        });
    }

    private void bodyEnded() {
        ended = true;
        bodyThread = null;
        emitting = null;
        // A task that the body did not wait for may wait for demand, which will not come any more.
        wake();
        if (!delivering) {
            signalEnd();
        }
    }

    private void signalEnd() {
        Throwable failure = Failures.of(Objects.requireNonNull(task));
        if (!isOver()) {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        } else if (failure != null
                && failure != passing
                && !(failure instanceof CancellationException)) {
            Dropped.error(failure, context);
        }
    }

    // Of the subscriber.

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            long now;
            do {
                now = requested;
            } while (!REQUESTED.compareAndSet(this, now, Operators.addCap(now, n)));
            wake();
        }
    }

    @Override
    public void cancel() {
        if (!CANCELLED.compareAndSet(this, false, true)) {
            return;
        }
        Task<?> running = task;
        if (running != null) {
            cancelSources(running);
            loop.tryRun(this::askToEnd);
        }
        // Another task than the body's may be the one that waits.
        wake();
    }

    private void cancelSources(Task<?> running) {
        for (SourceSubscriber<?> source = newest; source != null; source = source.older) {
            if (running.cancelReaches(Objects.requireNonNull(source.owner))) {
                try {
                    source.cancel();
                } catch (Throwable e) {
                    // Rule 3.15. The others are cancelled all the same.
                    TaskErrors.report(e);
                }
            }
        }
    }

    /** Asks the body to end, once; on the loop. */
    private void askToEnd() {
        if (!asked) {
            asked = true;
            Objects.requireNonNull(task).cancelTree("the subscriber has cancelled");
        }
        for (SourceSubscriber<?> source = newest; source != null; source = source.older) {
            if (source.isCancelled()) {
                // Its task, awaited a moment ago, may not have been reached any more.
                source.abandon();
            }
        }
    }

    private void wake() {
        Promise<@Nullable Object> waiting = starving;
        if (waiting != null) {
            waiting.tryComplete(null);
        }
    }

    // Of what the body's coroutines have subscribed to; on the loop.

    void add(SourceSubscriber<?> source) {
        if (asked) {
            // In a clean-up, perhaps, or behind a shield: no cancel is to come.
            return;
        }
        SourceSubscriber<?> before = newest;
        source.older = before;
        source.inFlight = true;
        if (before != null) {
            before.newer = source;
        }
        newest = source;
        deliverCancel();
    }

    void remove(SourceSubscriber<?> source) {
        if (!source.inFlight) {
            return;
        }
        source.inFlight = false;
        SourceSubscriber<?> older = source.older;
        SourceSubscriber<?> newer = source.newer;
        if (older != null) {
            older.newer = newer;
        }
        if (newer == null) {
            NEWEST.setRelease(this, older);
        } else {
            newer.older = older;
        }
    }

    /** A coroutine is told what a source has failed with. */
    void passes(Throwable failure) {
        if (!asked) {
            passing = failure;
        }
    }

    /** The subscriber takes nothing more: it has cancelled, or broken down. */
    boolean isOver() {
        return cancelled || broken;
    }

    /** If the subscriber has cancelled: the request to end is made now if it has not been. */
    void deliverCancel() {
        if (cancelled) {
            askToEnd();
        }
    }

    // Of the body.

    @Override
    public void emit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        Thread emitter = Thread.currentThread();
        if (emitter != bodyThread) {
            checkCoroutine();
        }
        if (!turn.tryTake()) {
            awaitTurn(emitter);
        }
        begin(emitter);
        try {
            if (++sinceOthers >= Fairness.MOST || requested == 0 || isOver() || ended) {
                prepare();
            }
            takeDemand();
            deliver(value);
        } finally {
            turn.give();
        }
    }

    private void awaitTurn(Thread emitter) {
        if (delivering && emitting == emitter) {
            throw new IllegalStateException(
                    "This coroutine is in the onNext of the same flux, which must return before the"
                            + " next element; tryEmit() says so, another task can emit() it");
        }
        turn.take(loop);
    }

    /**
     * Notes whose turn it is; mostly it was the same one's before, and a reference costs to write.
     */
    private void begin(Thread emitter) {
        if (emitting != emitter) {
            emitting = emitter;
        }
    }

    @Override
    public boolean tryEmit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        if (isOver() || ended) {
            return false;
        }
        checkThread();
        if (requested == 0 || !turn.tryTake()) {
            return false;
        }
        begin(Thread.currentThread());
        try {
            takeDemand();
            deliver(value);
            return true;
        } finally {
            turn.give();
        }
    }

    private void checkThread() {
        if (!loop.inLoop()) {
            throw new IllegalStateException(
                    "Elements of this flux are emitted on " + loop + "; submit() to it");
        }
    }

    private void checkCoroutine() {
        checkThread();
        if (Async.currentTask() == null) {
            throw new IllegalStateException(
                    "Only a coroutine can emit, since that may suspend; a callback can tryEmit");
        }
    }

    /** Lets others have their turn if it is time, and waits until an element may be given. */
    private void prepare() {
        if (sinceOthers >= Fairness.MOST) {
            sinceOthers = 0;
            Async.yieldIfNeeded();
        }
        while (true) {
            checkActive();
            if (requested > 0) {
                return;
            }
            Promise<@Nullable Object> demand = loop.newPromise("the demand of its subscriber");
            starving = demand;
            try {
                if (requested == 0 && !isOver()) {
                    demand.await();
                }
            } finally {
                starving = null;
            }
        }
    }

    private void checkActive() {
        if (ended) {
            throw new IllegalStateException(
                    "The body of this flux has ended, so nothing can be emitted any more; let the"
                            + " body wait for the tasks that emit, in a taskGroup");
        }
        if (isOver()) {
            deliverCancel();
            Async.checkCancelled();
            throw new CancellationException(
                    cancelled ? "the subscriber has cancelled" : "the subscriber has failed");
        }
    }

    private void takeDemand() {
        if (requested != Long.MAX_VALUE) {
            REQUESTED.getAndAdd(this, -1L);
        }
    }

    private void deliver(T value) {
        delivering = true;
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            // Rule 2.13: the subscription counts as cancelled; the body has the exception.
            broken = true;
            if (Async.currentTask() == null) {
                // In a callback, of which the body hears nothing.
                askToEnd();
            }
            throw e;
        } finally {
            delivering = false;
            if (ended) {
                signalEnd();
            }
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.CANCELLED) {
            return isOver();
        }
        if (key == Attr.TERMINATED) {
            return ended;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
