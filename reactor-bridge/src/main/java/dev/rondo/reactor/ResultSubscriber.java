package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.Outcome;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;

/** A publisher's one result, for a coroutine that awaits it or for a promise. */
final class ResultSubscriber<T> extends SourceSubscriber<T> {
    /** Which element is the result. */
    enum Which {
        /** The only one: a Mono's. A second one is the publisher's mistake. */
        ONLY,
        /** The last one before the completion. */
        LAST,
        /** The first one, and no more. */
        FIRST;

        static Which of(Publisher<?> source) {
            return source instanceof Mono ? ONLY : LAST;
        }
    }

    /*
     * The end may come within subscribe(): then no promise is made and nothing suspends. Whoever makes
     * the promise looks for the end afterwards, and acceptEnd() looks for the promise: one sees the other,
     * and a promise takes only one of two ends.
     *
     * The coroutine may be cancelled when the result is on its way to it: then the result is dropped, by
     * Reactor's hooks, where the promise was cancelled or where the await ends; whoever drops it takes it
     * out of its field, so that is done once.
     */
    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME =
                    MethodHandles.lookup()
                            .findVarHandle(ResultSubscriber.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Which which;

    /** The element so far, or a {@link Failed}. */
    private volatile @Nullable Object outcome;

    private volatile boolean ended;
    private volatile @Nullable Promise<@Nullable T> promise;

    ResultSubscriber(EventLoop loop, boolean onLoop, Which which) {
        super(loop, onLoop);
        this.which = which;
    }

    /** Awaits the result in the coroutine that calls. */
    static <T> @Nullable T await(
            EventLoop loop, Task<?> task, Which which, Publisher<? extends T> source) {
        try {
            return source instanceof Fuseable.ScalarCallable<?> scalar
                    ? ResultSubscriber.<T>known(scalar)
                    : new ResultSubscriber<T>(loop, true, which).await(task, source);
        } catch (RuntimeException | Error e) {
            if (loop.isDebug()) {
                AwaitSite.addTo(e);
            }
            throw e;
        }
    }

    private @Nullable T await(Task<?> task, Publisher<? extends T> source) {
        enter(task);
        try {
            subscribeInCoroutine(source);
            return ended ? result() : suspend();
        } finally {
            leave();
        }
    }

    /** Reactor's own mark for a value, or an error, that is known before anybody subscribes. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the publisher is one of T
    private static <T> @Nullable T known(Fuseable.ScalarCallable<?> source) {
        try {
            return (T) source.call();
        } catch (Throwable e) {
            // Only an Error is wrapped there; anything else is the user's own object.
            Throwable cause = Exceptions.unwrap(e);
            throw Outcome.toThrow(cause instanceof Error ? cause : e);
        }
    }

    /** Subscribes now; the result as a task, whose cancellation cancels the subscription. */
    static <T> Task<@Nullable T> task(EventLoop loop, Publisher<? extends T> source) {
        boolean onLoop = loop.inLoop();
        ResultSubscriber<T> subscriber = new ResultSubscriber<>(loop, onLoop, Which.of(source));
        // First, so that a loop that has closed refuses it before anything is subscribed to.
        Promise<@Nullable T> result =
                loop.sourcePromise("the result of a publisher", subscriber::promiseCancelled);
        subscriber.promise = result;
        if (!onLoop) {
            subscriber.subscribeTo(source);
            return result;
        }
        Task<?> current = Async.currentTask();
        if (current == null) {
            subscriber.join(result);
            subscriber.subscribeTo(source);
        } else {
            // As long as the coroutine is in the publisher, its cancellation is this one's.
            subscriber.enter(current);
            subscriber.subscribeInCoroutine(source);
            subscriber.owner = result;
            if (subscriber.isCancelled()) {
                result.cancel();
                subscriber.leave();
                throw subscriber.cancellation();
            }
        }
        subscriber.leaveWith(result);
        return result;
    }

    private @Nullable T suspend() {
        Promise<@Nullable T> result = loop.newPromise(this::promiseCancelled);
        promise = result;
        if (ended) {
            settle(result);
        } else if (isCancelled()) {
            dropOutcome();
            throw cancellation();
        }
        try {
            return result.await();
        } catch (CancellationException e) {
            if (result.isDone() && !result.isCancelled() && result.exception() != e) {
                dropOutcome();
            }
            throw e;
        } finally {
            if (outcome instanceof Failed failed) {
                noteFailure(failed.failure);
            }
        }
    }

    private void promiseCancelled() {
        cancel();
        dropOutcome();
    }

    @Override
    void tellCancelled() {
        Promise<@Nullable T> result = promise;
        if (result != null) {
            result.cancel();
        }
    }

    @Override
    long firstRequest() {
        return which == Which.FIRST ? 1 : Long.MAX_VALUE;
    }

    @Override
    void accept(T value) {
        if (which == Which.LAST) {
            discard(OUTCOME.getAndSet(this, value));
        } else if (!OUTCOME.compareAndSet(this, null, value)) {
            Dropped.value(value, currentContext());
        } else if (which == Which.FIRST) {
            cancelAndEnd(null);
        }
        if (isCancelled()) {
            dropOutcome();
        }
    }

    @Override
    void acceptEnd(@Nullable Throwable failure) {
        if (failure != null) {
            dropOutcome();
            outcome = new Failed(failure);
        }
        ended = true;
        Promise<@Nullable T> result = promise;
        if (result != null) {
            settle(result);
        }
    }

    private void settle(Promise<@Nullable T> result) {
        boolean settled =
                outcome instanceof Failed failed
                        ? result.tryFail(failed.failure)
                        : result.tryComplete(value());
        if (!settled && result.isCancelled()) {
            dropOutcome();
        }
    }

    private @Nullable T result() {
        if (outcome instanceof Failed failed) {
            noteFailure(failed.failure);
            throw Outcome.toThrow(failed.failure);
        }
        return value();
    }

    @SuppressWarnings("unchecked") // what is no Failed is a T
    private @Nullable T value() {
        return (T) outcome;
    }

    /** Nobody will have it. */
    private void dropOutcome() {
        Object unused = OUTCOME.getAndSet(this, null);
        if (!(unused instanceof Failed failed)) {
            discard(unused);
        } else if (!bodySubscriberIsGone() && !(failed.failure instanceof CancellationException)) {
            Dropped.error(failed.failure, currentContext());
        }
    }

    /** How a publisher ended that failed. */
    private record Failed(Throwable failure) {}
}
