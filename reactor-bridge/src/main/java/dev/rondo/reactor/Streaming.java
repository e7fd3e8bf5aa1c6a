package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.ContextScope;
import dev.rondo.EventLoop;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/** A publisher's elements, one after another, for the coroutine that iterates. */
final class Streaming<T> extends SourceSubscriber<T> implements Iterator<T> {
    /*
     * Elements wait in `arrived`; the publisher's thread puts, the coroutine takes. A coroutine that finds
     * none puts a promise into `hungry` and looks once more; the publisher puts an element, or sets
     * `over`, and then looks for the promise: one sees the other. The queues put with a lazy write, which
     * could pass the look, hence the fence. The publisher takes the promise and ends it in one: were it to
     * read and clear the field, it could clear a later promise, and that one's coroutine would wait for ever.
     *
     * `prefetch` elements are asked for at first, and again as many as have been taken whenever three
     * quarters are: what waits is never more than `prefetch`.
     */
    private static final VarHandle HUNGRY;

    static {
        try {
            HUNGRY = MethodHandles.lookup().findVarHandle(Streaming.class, "hungry", Promise.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int prefetch;
    private final int refillAt;
    private final Queue<T> arrived;

    @SuppressWarnings("unused") // through HUNGRY
    private volatile @Nullable Promise<@Nullable Object> hungry;

    private @Nullable Throwable failure;
    private volatile boolean over;
    private volatile boolean closed;
    private volatile @Nullable Handle endOfTask;

    // Of the coroutine.
    private int taken;
    private @Nullable T next;
    private int sinceOthers;
    private boolean waiting;

    /** While the publisher gives an element. */
    private boolean arriving;

    Streaming(EventLoop loop, int prefetch) {
        super(loop, true);
        this.prefetch = prefetch;
        refillAt = Math.max(1, prefetch - (prefetch >> 2));
        arrived = Queues.<T>get(prefetch).get();
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
    void next(T value) {
        if (arriving) {
            refuse(
                    value,
                    new IllegalStateException(
                            "Elements came on two threads at once, against rule 1.3"));
            return;
        }
        arriving = true;
        try {
            if (!arrived.offer(value)) {
                refuse(
                        value,
                        Exceptions.failWithOverflow("More elements came than were asked for"));
                return;
            }
            VarHandle.fullFence();
            if (isActive()) {
                wake();
            } else {
                // Cancelled; or ended by another thread, against rule 1.3.
                discardAll();
            }
        } finally {
            arriving = false;
        }
    }

    private void refuse(T value, RuntimeException how) {
        discard(value);
        cancelAndEnd(how);
    }

    @Override
    void ended(@Nullable Throwable how) {
        failure = how;
        over = true;
        wake();
    }

    @SuppressWarnings("unchecked") // nothing else is ever put there
    private void wake() {
        if (hungry != null) {
            Promise<@Nullable Object> more =
                    (Promise<@Nullable Object>) HUNGRY.getAndSet(this, null);
            if (more != null) {
                more.tryComplete(null);
            }
        }
    }

    @Override
    void abandon() {
        wake();
    }

    @Override
    public boolean hasNext() {
        if (!loop.inLoop()) {
            throw new IllegalStateException("This stream is iterated on " + loop);
        }
        if (next == null && ++sinceOthers >= Fairness.MOST) {
            sinceOthers = 0;
            Async.yieldIfNeeded();
        }
        while (next == null) {
            if (isCancelled() && !closed) {
                throw cancellation();
            }
            // The end is looked for first: nothing arrives after it.
            boolean last = over;
            next = closed ? null : arrived.poll();
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
        Promise<@Nullable Object> more = loop.newPromise();
        waiting = true;
        hungry = more;
        try {
            // What poll() gives counts, not what isEmpty() says: where two threads have put at
            // once,
            // against the rules, there may be neither an element nor an empty queue.
            next = arrived.poll();
            if (next == null && !over && !closed && !isCancelled()) {
                more.await();
            }
        } finally {
            hungry = null;
            waiting = false;
        }
    }

    /** True at the end; throws what the publisher failed with. */
    private boolean ends() {
        forgetTask();
        leave();
        Throwable how = failure;
        if (how == null) {
            return true;
        }
        if (loop.isDebug()) {
            AwaitSite.addTo(how);
        }
        passes(how);
        throw Outcome.toThrow(how);
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
        wake();
    }

    /**
     * What has arrived is taken on the loop only, also to discard it; on a closed one, by anybody.
     */
    private void discardAll() {
        Runnable discarding =
                () -> {
                    discard(next);
                    next = null;
                    Operators.onDiscardQueueWithClear(arrived, discardContext(), null);
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
