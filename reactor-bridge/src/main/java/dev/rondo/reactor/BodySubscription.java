package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.AsyncConsumer;
import dev.rondo.ContextScope;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.LoopClosedException;
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
final class BodySubscription<T> implements Subscription, Scannable {
    /*
     * Whether the subscriber has cancelled decides what becomes of the body's end, not the type of the
     * exception it ends with: a body may be cancelled from elsewhere, or time out by itself. However often
     * the subscriber cancels, the body is asked once (rule 3.7): a second time would end its clean-up.
     *
     * A cancel is at work before it returns. cancel() sets `cancelled`, then cancels on its own thread the
     * sources in flight: all that a request to cancel the body would reach. A coroutine that is about to
     * subscribe puts a source among them, then looks at `cancelled`. The request itself is made on the
     * loop: soon, or by the first coroutine that sees `cancelled` before. It goes to the tasks of groups at
     * once, and each that it has reached throws it where it would have subscribed. What is subscribed to
     * after it has been made is clean-up, which cancel() leaves alone, however late it comes by.
     *
     * An error of a source that was on its way through the body when the subscriber cancelled is nobody's:
     * operators that hand over between threads clear theirs as well. An error that the body makes of its own
     * afterwards goes to the hook.
     */
    private static final VarHandle CANCELLED;

    static {
        try {
            CANCELLED =
                    MethodHandles.lookup()
                            .findVarHandle(BodySubscription.class, "cancelled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CoreSubscriber<? super T> actual;
    private final Context context;
    final EventLoop loop;
    private final BodyEmitter<T> emitter;
    private final SourcesInFlight sources = new SourcesInFlight();
    private volatile boolean cancelled;

    /** It has thrown an exception. */
    private volatile boolean subscriberFailed;

    private volatile @Nullable Task<?> task;

    // Only on the loop.
    private boolean askedToEnd;

    /** What is given when the body has ended. */
    private @Nullable T result;

    /** What a source has failed with, and a coroutine been told, before the request to end. */
    private @Nullable Throwable sourceFailure;

    BodySubscription(CoreSubscriber<? super T> actual, EventLoop loop) {
        this.actual = actual;
        this.loop = loop;
        context = actual.currentContext();
        emitter = new BodyEmitter<>(this, actual);
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
            begun.onDone(ContextScope.empty(), done -> emitter.bodyEnded());
        } catch (LoopClosedException e) {
            // The loop has closed: before the body could begin, or when it had ended.
            if (task != null && task.isDone()) {
                emitter.bodyEnded();
            } else {
                actual.onError(Operators.onRejectedExecution(e, context));
            }
        }
    }

    private void run(AsyncConsumer<Emitter<T>> body) throws Exception {
        emitter.bodyBegins();
        // The thread that subscribes may not have come so far.
        task = Async.currentTask();
        Propagation.runWithThreadLocals(context, () -> body.accept(emitter));
    }

    /**
     * The body ends with its only element, which is to be given after that; suspends for demand.
     */
    void endWith(T value) {
        emitter.awaitDemand();
        result = value;
    }

    private void giveResult(T value, @Nullable Throwable failure) {
        if (failure != null || subscriberIsGone()) {
            Operators.onDiscard(value, context);
            return;
        }
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            subscriberFailed = true;
            Dropped.error(e, context);
        }
    }

    /** The body has ended, and its last element is out. */
    void signalEnd() {
        Throwable failure = TaskFailures.of(Objects.requireNonNull(task));
        T last = result;
        if (last != null) {
            result = null;
            giveResult(last, failure);
        }
        if (!subscriberIsGone()) {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        } else if (failure != null
                && failure != sourceFailure
                && !(failure instanceof CancellationException)) {
            Dropped.error(failure, context);
        }
    }

    // Of the subscriber.

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            emitter.demand.add(n);
        }
    }

    @Override
    public void cancel() {
        if (!CANCELLED.compareAndSet(this, false, true)) {
            return;
        }
        Task<?> running = task;
        if (running != null) {
            sources.cancelReachedFrom(running);
            loop.tryRun(this::askToEnd);
        }
        // Another task than the body's may be the one that waits.
        emitter.demand.wake();
    }

    /** Asks the body to end, once; on the loop. */
    private void askToEnd() {
        if (!askedToEnd) {
            askedToEnd = true;
            Objects.requireNonNull(task).cancelTree("the subscriber has cancelled");
        }
        // The task of one, awaited a moment ago, may not have been reached any more.
        sources.tellCancelled();
    }

    // Of what the body's coroutines have subscribed to; on the loop.

    void add(SourceInFlight source) {
        if (askedToEnd) {
            // In a clean-up, perhaps, or behind a shield: no cancel is to come.
            return;
        }
        sources.add(source);
        deliverCancel();
    }

    void remove(SourceInFlight source) {
        sources.remove(source);
    }

    /** A coroutine is told what a source has failed with. */
    void noteFailure(Throwable failure) {
        if (!askedToEnd) {
            sourceFailure = failure;
        }
    }

    /** It takes nothing more: it has cancelled, or broken down. */
    boolean subscriberIsGone() {
        return cancelled || subscriberFailed;
    }

    /** If the subscriber has cancelled: the request to end is made now if it has not been. */
    void deliverCancel() {
        if (cancelled) {
            askToEnd();
        }
    }

    // Of the emitter.

    /** What it gets who would emit to a subscriber that is gone: the request, if it waits. */
    CancellationException cancellation() {
        deliverCancel();
        Async.checkCancelled();
        return new CancellationException(
                cancelled ? "the subscriber has cancelled" : "the subscriber has failed");
    }

    /** Rule 2.13: the subscription counts as cancelled; whoever emits has the exception. */
    void subscriberFailed() {
        subscriberFailed = true;
        if (Async.currentTask() == null) {
            // In a callback, of which the body hears nothing.
            askToEnd();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return emitter.demand.requested();
        }
        if (key == Attr.CANCELLED) {
            return subscriberIsGone();
        }
        if (key == Attr.TERMINATED) {
            return emitter.hasEnded();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
