package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

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
     * the subscriber cancels, the body is asked once (rule 3.7): a second time would end its clean-up. For
     * the same reason an emit that sees `cancelled` before the request has come from the other thread
     * waits for it.
     */
    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<BodySubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(BodySubscription.class, "requested");

    private final CoreSubscriber<? super T> actual;
    private final EventLoop loop;
    private final Turn turn = new Turn();
    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Promise<@Nullable Object> starving;
    private volatile @Nullable Task<Void> task;
    private volatile boolean ended;
    private @Nullable Thread bodyThread;
    private boolean delivering;
    private boolean asked;
    private boolean broken;

    BodySubscription(CoreSubscriber<? super T> actual, EventLoop loop) {
        this.actual = actual;
        this.loop = loop;
    }

    /** Gives the subscriber this subscription, then runs the body as a task of the loop. */
    void start(Emitter.Body<T> body) {
        actual.onSubscribe(this);
        if (cancelled) {
            return;
        }
        Context context = actual.currentContext();
        try {
            Task<Void> begun =
                    loop.submit(() -> {
                        bodyThread = Thread.currentThread();
                        CoroutineContext.enter(context);
                        body.run(this);
                    });
            task = begun;
            if (cancelled) {
                askToEnd(begun);
            }
            begun.onDone(done -> bodyEnded());
        } catch (IllegalStateException e) {
            // The loop has closed: before the body could begin, or when it had ended.
            if (task != null && task.isDone()) {
                bodyEnded();
            } else {
                actual.onError(Operators.onRejectedExecution(e, context));
            }
        }
    }

    /** As {@link #start}, for a body whose result is the only element, if it is not null. */
    void startForResult(Coroutine<? extends @Nullable T> body) {
        start(emitter -> {
            T result = body.run();
            if (result != null) {
                try {
                    if (Objects.requireNonNull(Async.currentTask()).cancelling() > 0) {
                        // A body that has cancelled itself is cancelled before the value is out.
                        Async.yieldNow();
                    }
                    emit(result);
                } catch (CancellationException e) {
                    Operators.onDiscard(result, actual.currentContext());
                    throw e;
                }
            }
        });
    }

    private void bodyEnded() {
        ended = true;
        bodyThread = null;
        // A task that the body did not wait for may wait for demand, which will not come any more.
        wake();
        if (!delivering) {
            signalEnd();
        }
    }

    private void signalEnd() {
        Throwable failure = Failures.of(Objects.requireNonNull(task));
        if (!cancelled) {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        } else if (failure != null && !(failure instanceof CancellationException)) {
            Operators.onErrorDropped(failure, actual.currentContext());
        }
    }

    // Of the subscriber.

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            wake();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Task<Void> running = task;
        if (running != null) {
            askToEnd(running);
        }
        // Another task than the body's may be the one that waits.
        wake();
    }

    private void askToEnd(Task<Void> body) {
        if (!loop.inLoop()) {
            try {
                loop.callSoon(() -> askToEnd(body));
            } catch (IllegalStateException e) {
                // The loop has closed, so the body has ended.
            }
        } else if (!asked) {
            asked = true;
            body.cancel("the subscriber has cancelled");
        }
    }

    private void wake() {
        Promise<@Nullable Object> waiting = starving;
        if (waiting != null) {
            waiting.tryComplete(null);
        }
    }

    // Of the body.

    @Override
    public void emit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        if (Thread.currentThread() != bodyThread) {
            checkCoroutine();
        }
        turn.take(loop);
        try {
            awaitDemand();
            deliver(value);
        } finally {
            turn.give();
        }
    }

    @Override
    public boolean tryEmit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        if (cancelled || ended) {
            return false;
        }
        checkThread();
        if (requested == 0 || !turn.tryTake()) {
            return false;
        }
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

    private void awaitDemand() {
        while (true) {
            checkActive();
            if (requested > 0) {
                takeDemand();
                return;
            }
            Promise<@Nullable Object> demand = loop.newPromise();
            starving = demand;
            try {
                if (requested == 0 && !cancelled) {
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
        if (cancelled) {
            // Where the request is thrown if it has yet to reach this task; one of a group gets it
            // through the body.
            while (!asked && !broken) {
                Async.yieldNow();
            }
            for (int pass = 0; pass < 3; pass++) {
                Async.yieldNow();
            }
            throw new CancellationException("the subscriber has cancelled");
        }
    }

    private void takeDemand() {
        if (requested != Long.MAX_VALUE) {
            REQUESTED.decrementAndGet(this);
        }
    }

    private void deliver(T value) {
        delivering = true;
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            // Rule 2.13: the subscription counts as cancelled; the body has the exception.
            cancelled = true;
            broken = true;
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
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return ended;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
