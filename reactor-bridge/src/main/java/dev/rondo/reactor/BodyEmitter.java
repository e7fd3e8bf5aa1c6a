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
     * Who emits takes the turn, then one of the demand, then calls onNext: so nothing overlaps (rule
     * 1.3) and nothing comes unasked (rule 1.1). Without demand it waits, still holding the turn.
     *
     * Only the loop takes the turn and writes what is below `ended`. If the body ends while a task it did
     * not wait for is in onNext, the end is signalled when onNext has returned.
     */
    private final BodySubscription<T> body;
    private final CoreSubscriber<? super T> actual;
    final Demand demand = new Demand();
    private final Turn turn = new Turn();
    private volatile boolean ended;
    private @Nullable Thread bodyThread;

    /** Who has the turn, or had it last. */
    private @Nullable Thread emitting;

    private boolean delivering;
    private int sinceOthers;

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
        emitting = null;
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
        if (!turn.tryTake()) {
            awaitTurn(emitter);
        }
        begin(emitter);
        try {
            if (++sinceOthers >= Fairness.MOST
                    || demand.isEmpty()
                    || body.subscriberIsGone()
                    || ended) {
                prepare();
            }
            demand.takeOne();
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
        turn.take(body.loop);
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
        if (body.subscriberIsGone() || ended) {
            return false;
        }
        checkThread();
        if (demand.isEmpty() || !turn.tryTake()) {
            return false;
        }
        begin(Thread.currentThread());
        try {
            demand.takeOne();
            deliver(value);
            return true;
        } finally {
            turn.give();
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
        if (sinceOthers >= Fairness.MOST) {
            sinceOthers = 0;
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
