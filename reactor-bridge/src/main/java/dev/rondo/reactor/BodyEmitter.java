package dev.rondo.reactor;

import dev.rondo.Async;

import org.jspecify.annotations.Nullable;

import reactor.core.CoreSubscriber;

import java.util.Objects;

/**
 * Gives the subscriber of a body its elements: one at a time, and none that it has not asked for.
 */
final class BodyEmitter<T> implements Emitter<T> {
    /*
     * Who emits takes the lock, then one of the demand, then calls onNext: so nothing overlaps (rule
     * 1.3) and nothing comes unasked (rule 1.1). Without demand it waits, still holding the lock.
     *
     * Only the loop takes the lock and writes what is below `ended`. If the body ends while a task it did
     * not wait for is in onNext, the end is signalled when onNext has returned.
     */
    private final BodySubscription<T> body;
    private final CoreSubscriber<? super T> actual;
    final Demand demand = new Demand();
    private final EmissionLock lock = new EmissionLock();
    private volatile boolean ended;
    private @Nullable Thread bodyThread;

    /** Who holds the lock, or held it last. */
    private @Nullable Thread lastHolder;

    private boolean delivering;
    private int sinceYield;

    BodyEmitter(BodySubscription<T> body, CoreSubscriber<? super T> actual) {
        this.body = body;
        this.actual = actual;
    }

    // Of the body's task.

    /** The body begins on the thread that calls. */
    void bodyBegins() {
        bodyThread = Thread.currentThread();
    }

    void bodyEnded() {
        ended = true;
        bodyThread = null;
        lastHolder = null;
        // A task that the body did not wait for may wait for demand, which will not come any more.
        demand.wake();
        if (!delivering) {
            body.signalEnd();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    // Of whoever emits.

    @Override
    public void emit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        Thread emitter = Thread.currentThread();
        if (emitter != bodyThread) {
            checkCoroutine();
        }
        if (!lock.tryTake()) {
            awaitLock(emitter);
        }
        noteHolder(emitter);
        try {
            if (++sinceYield >= Fairness.MOST
                    || demand.isEmpty()
                    || body.subscriberIsGone()
                    || ended) {
                prepare();
            }
            demand.takeOne();
            deliver(value);
        } finally {
            lock.give();
        }
    }

    private void awaitLock(Thread emitter) {
        if (delivering && lastHolder == emitter) {
            throw new IllegalStateException(
                    "This coroutine is in the onNext of the same flux, which must return before the"
                            + " next element; tryEmit() says so, another task can emit() it");
        }
        lock.take();
    }

    /**
     * Notes who holds the lock; mostly it is the same one as before, and a reference costs to
     * write.
     */
    private void noteHolder(Thread emitter) {
        if (lastHolder != emitter) {
            lastHolder = emitter;
        }
    }

    @Override
    public boolean tryEmit(T value) {
        Objects.requireNonNull(value, "The element is null; a stream has no nulls");
        if (body.subscriberIsGone() || ended) {
            return false;
        }
        checkThread();
        if (demand.isEmpty() || !lock.tryTake()) {
            return false;
        }
        noteHolder(Thread.currentThread());
        try {
            demand.takeOne();
            deliver(value);
            return true;
        } finally {
            lock.give();
        }
    }

    private void checkThread() {
        if (!body.loop.inLoop()) {
            throw new IllegalStateException(
                    "Elements of this flux are emitted on " + body.loop + "; submit() to it");
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
        if (sinceYield >= Fairness.MOST) {
            sinceYield = 0;
            Async.yieldIfNeeded();
        }
        while (true) {
            checkActive();
            if (!demand.isEmpty()) {
                return;
            }
            demand.await(body);
        }
    }

    /** Waits until an element may be given, and counts it as given. */
    void awaitDemand() {
        if (demand.isEmpty() || body.subscriberIsGone()) {
            prepare();
        }
        demand.takeOne();
    }

    private void checkActive() {
        if (ended) {
            throw new IllegalStateException(
                    "The body of this flux has ended, so nothing can be emitted any more; let the"
                            + " body wait for the tasks that emit, in a taskGroup");
        }
        if (body.subscriberIsGone()) {
            throw body.cancellation();
        }
    }

    private void deliver(T value) {
        delivering = true;
        try {
            actual.onNext(value);
        } catch (Throwable e) {
            body.subscriberFailed();
            throw e;
        } finally {
            delivering = false;
            if (ended) {
                body.signalEnd();
            }
        }
    }
}
