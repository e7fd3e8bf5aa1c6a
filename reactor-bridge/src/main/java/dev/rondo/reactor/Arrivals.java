package dev.rondo.reactor;

import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;

/** A publisher's elements that nobody has taken yet; one coroutine waits here for more. */
final class Arrivals<T> {
    /*
     * The publisher's thread puts, the coroutine takes. A coroutine that finds none puts a promise into
     * `waiter` and looks once more; the publisher puts an element, or notes the end, and then looks for
     * the promise: one sees the other. The queues put with a lazy write, which could pass the look, hence
     * the fence. The publisher takes the promise and ends it in one: were it to read and clear the field,
     * it could clear a later promise, and that one's coroutine would wait for ever.
     */
    private static final VarHandle WAITER;

    static {
        try {
            WAITER = MethodHandles.lookup().findVarHandle(Arrivals.class, "waiter", Promise.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Queue<T> queue;

    @SuppressWarnings("unused") // through WAITER
    private volatile @Nullable Promise<@Nullable Object> waiter;

    /**
     * @param most how many may be here at once
     */
    Arrivals(int most) {
        queue = Queues.<T>get(most).get();
    }

    /** Puts an element; false if there is no room. What is read afterwards is read after that. */
    boolean offer(T value) {
        boolean put = queue.offer(value);
        VarHandle.fullFence();
        return put;
    }

    /** Whoever waits looks again. From any thread, after what it should see. */
    @SuppressWarnings("unchecked") // nothing else is ever put there
    void wake() {
        if (waiter != null) {
            Promise<@Nullable Object> more =
                    (Promise<@Nullable Object>) WAITER.getAndSet(this, null);
            if (more != null) {
                more.tryComplete(null);
            }
        }
    }

    @Nullable T poll() {
        return queue.poll();
    }

    /** As {@link #poll}; if there is none, suspends until there may be one, or no more may come. */
    @Nullable T pollOrAwait(ElementSubscriber<T> source) {
        Promise<@Nullable Object> more = source.loop.newPromise();
        waiter = more;
        try {
            // What poll() gives counts, not isEmpty(): where two threads have put at once, against
            // the rules, there may be neither an element nor an empty queue.
            T value = queue.poll();
            if (value == null && source.mayBringMore()) {
                more.await();
            }
            return value;
        } finally {
            waiter = null;
        }
    }

    void discardAll(Context context) {
        Operators.onDiscardQueueWithClear(queue, context, null);
    }
}
