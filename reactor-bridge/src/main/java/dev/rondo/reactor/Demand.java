package dev.rondo.reactor;

import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Operators;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How many elements a subscriber has asked for and not had; one coroutine waits here for more. */
final class Demand {
    /*
     * Any thread adds; who emits takes, on the loop. Who waits puts its promise into `waiter` and looks
     * at `requested` once more; add() adds to `requested` and then looks for a promise: one of the two
     * sees the other. Whatever else ends the wait is set before wake() is called, and looked at with it.
     */
    private static final VarHandle REQUESTED;

    static {
        try {
            REQUESTED = MethodHandles.lookup().findVarHandle(Demand.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long requested;
    private volatile @Nullable Promise<@Nullable Object> waiter;

    /** From any thread. */
    void add(long n) {
        long now;
        do {
            now = requested;
        } while (!REQUESTED.compareAndSet(this, now, Operators.addCap(now, n)));
        wake();
    }

    /** Whoever waits looks again; from any thread. */
    void wake() {
        Promise<@Nullable Object> waiting = waiter;
        if (waiting != null) {
            waiting.tryComplete(null);
        }
    }

    long requested() {
        return requested;
    }

    boolean isEmpty() {
        return requested == 0;
    }

    /** Takes one of what is there. */
    void takeOne() {
        if (requested != Long.MAX_VALUE) {
            REQUESTED.getAndAdd(this, -1L);
        }
    }

    /** Suspends until there may be some, or the subscriber of the body may be gone. */
    void await(BodySubscription<?> body) {
        Promise<@Nullable Object> more = body.loop.newPromise("the demand of its subscriber");
        waiter = more;
        try {
            if (requested == 0 && !body.subscriberIsGone()) {
                more.await();
            }
        } finally {
            waiter = null;
        }
    }
}
