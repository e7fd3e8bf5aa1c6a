package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.ContextScope;
import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import reactor.core.Exceptions;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** A publisher's elements, one after another, for the coroutine that iterates. */
final class ElementSubscriber<T> extends SourceSubscriber<T> implements Iterator<T> {
    /*
     * `prefetch` elements are asked for at first, and again as many as have been taken whenever three
     * quarters are: what waits is never more than `prefetch`.
     */
    private final int prefetch;
    private final int refillAt;
    private final Arrivals<T> arrivals;

    private @Nullable Throwable failure;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile @Nullable Handle endOfTask;

    // Of the coroutine.
    private int taken;
    private @Nullable T next;
    private int sinceYield;
    private boolean waiting;

    /** While the publisher gives an element. */
    private boolean arriving;

    ElementSubscriber(EventLoop loop, int prefetch) {
        super(loop, true);
        this.prefetch = prefetch;
        refillAt = Math.max(1, prefetch - (prefetch >> 2));
        arrivals = new Arrivals<>(prefetch);
    }

    /** Subscribes for the task that calls; its end cancels what is left. */
    void start(Task<?> task, Publisher<? extends T> source) {
        enter(task);
        endOfTask = task.onDone(ContextScope.empty(), done -> close());
        subscribeInCoroutine(source);
    }

    @Override
    long firstRequest() {
        return prefetch == Integer.MAX_VALUE ? Long.MAX_VALUE : prefetch;
    }

    @Override
    void accept(T value) {
        if (arriving) {
            refuse(
                    value,
                    new IllegalStateException(
                            "Elements came on two threads at once, against rule 1.3"));
            return;
        }
        arriving = true;
        try {
            put(value);
        } finally {
            arriving = false;
        }
    }

    private void put(T value) {
        if (!arrivals.offer(value)) {
            refuse(value, Exceptions.failWithOverflow("More elements came than were asked for"));
            return;
        }
        if (isActive()) {
            arrivals.wake();
        } else {
            // Cancelled; or ended by another thread, against rule 1.3.
            discardAll();
        }
    }

    private void refuse(T value, RuntimeException how) {
        discard(value);
        cancelAndEnd(how);
    }

    @Override
    void acceptEnd(@Nullable Throwable how) {
        failure = how;
        ended = true;
        arrivals.wake();
    }

    @Override
    void tellCancelled() {
        arrivals.wake();
    }

    @Override
    public boolean hasNext() {
        if (!loop.inLoop()) {
            throw new IllegalStateException("This stream is iterated on " + loop);
        }
        if (next == null && ++sinceYield >= Fairness.MOST) {
            sinceYield = 0;
            Async.yieldIfNeeded();
        }
        while (next == null) {
            if (isCancelled() && !closed) {
                throw cancellation();
            }
            // The end is looked for first: nothing arrives after it.
            boolean last = ended;
            next = closed ? null : arrivals.poll();
            if (next == null && (closed || (last && ends()))) {
                return false;
            }
            if (next == null) {
                awaitMore();
            }
        }
        return true;
    }

    private void awaitMore() {
        if (waiting) {
            throw new IllegalStateException(
                    "Another task waits for the next element; a stream is for one at a time");
        }
        waiting = true;
        try {
            next = arrivals.pollOrAwait(this);
        } finally {
            waiting = false;
        }
    }

    boolean mayBringMore() {
        return !ended && !closed && !isCancelled();
    }

    /** True at the end; throws what the publisher failed with. */
    private boolean ends() {
        forgetTask();
        leave();
        if (failure == null) {
            return true;
        }
        if (loop.isDebug()) {
            AwaitSite.addTo(failure);
        }
        noteFailure(failure);
        throw Outcome.toThrow(failure);
    }

    @Override
    public T next() {
        T value = hasNext() ? next : null;
        if (value == null) {
            throw new NoSuchElementException("The stream has ended");
        }
        next = null;
        if (prefetch != Integer.MAX_VALUE && ++taken == refillAt) {
            taken = 0;
            // The publisher may run code of this coroutine meanwhile.
            Async.onCancel(this::cancel, () -> request(refillAt));
        }
        return value;
    }

    /** Cancels, and discards what is left. From any thread. */
    void close() {
        closed = true;
        forgetTask();
        cancel();
        loop.tryRun(this::leave);
        discardAll();
        arrivals.wake();
    }

    /**
     * What has arrived is taken on the loop only, also to discard it; on a closed one, by anybody.
     */
    private void discardAll() {
        Runnable discarding =
                () -> {
                    discard(next);
                    next = null;
                    arrivals.discardAll(discardContext());
                };
        if (!loop.tryRun(discarding)) {
            discarding.run();
        }
    }

    private void forgetTask() {
        Handle handle = endOfTask;
        endOfTask = null;
        if (handle != null) {
            handle.cancel();
        }
    }
}
