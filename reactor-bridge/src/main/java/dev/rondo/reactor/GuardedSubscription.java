package dev.rondo.reactor;

import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** The subscription to a source: any thread may request and cancel, and one calls at a time. */
abstract class GuardedSubscription extends SourceInFlight {
    /*
     * `access` keeps calls of the subscription apart (rule 2.7). NONE, as long as there is no
     * subscription; FREE, when nobody is in it; zero and above, while a thread is in request(), with as
     * many more to be requested by that thread; CANCEL, when that thread has to cancel as well; NO_MORE,
     * when nothing is called any more. Who is in request() may meet itself there: a callback of the
     * publisher that gives an element, or a coroutine that such a callback has suspended. Then cancel()
     * is called within, as the rules allow. Reactor's own operators bear a cancel at any moment, and are
     * given it at once: what they do within request(), a database's whole statement perhaps, would
     * go on otherwise after the subscriber's cancel has returned.
     */
    private static final long FREE = -1;
    private static final long NONE = -2;
    private static final long CANCEL = -3;
    private static final long NO_MORE = -4;

    private static final VarHandle ACCESS;

    static {
        try {
            ACCESS =
                    MethodHandles.lookup()
                            .findVarHandle(GuardedSubscription.class, "access", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long access = NONE;
    private @Nullable Subscription subscription;

    /** While a thread is in request(): the loop if it is on it, else the thread. */
    private @Nullable Object requester;

    /** Has the hook for what cancel() throws. */
    final Context context;

    GuardedSubscription(EventLoop loop, @Nullable BodySubscription<?> body, Context context) {
        super(loop, body);
        this.context = context;
    }

    /** Whoever requests goes on: what it has asked for will not come. */
    abstract void requestFailed(Throwable failure);

    final @Nullable Subscription subscription() {
        return subscription;
    }

    /** Takes the subscription and requests; cancels it if there is one, or none is wanted. */
    final void open(Subscription own, long firstRequest) {
        if (ACCESS.compareAndSet(this, NONE, 0)) {
            subscription = own;
            requestAlone(own, firstRequest);
        } else {
            // Rule 2.5; or the coroutine was cancelled before.
            cancel(own);
        }
    }

    final void request(long n) {
        while (true) {
            long now = access;
            if (now == FREE) {
                if (ACCESS.compareAndSet(this, FREE, 0)) {
                    requestAlone(Objects.requireNonNull(subscription), n);
                    return;
                }
            } else if (now < 0 || ACCESS.compareAndSet(this, now, Operators.addCap(now, n))) {
                return;
            }
        }
    }

    /** Requests, and then does what others have wanted meanwhile. */
    private void requestAlone(Subscription own, long n) {
        for (long more = n; more > 0; more = afterRequest(own)) {
            requester = loop.inLoop() ? loop : Thread.currentThread();
            try {
                own.request(more);
            } catch (Throwable e) {
                // Rule 3.16.
                requestFailed(e);
            }
            requester = null;
        }
    }

    /** How many more to request; zero: others may. */
    private long afterRequest(Subscription own) {
        while (true) {
            long wanted = access;
            if (wanted == NO_MORE) {
                return 0;
            }
            if (wanted >= 0) {
                if (ACCESS.compareAndSet(this, wanted, wanted == 0 ? FREE : 0)) {
                    return wanted;
                }
            } else if (ACCESS.compareAndSet(this, CANCEL, NO_MORE)) {
                cancel(own);
                return 0;
            }
        }
    }

    /** Cancels it, now or after the call that is under way; one that comes later, too. */
    final void cancelSubscription() {
        while (true) {
            long now = access;
            if (now == NO_MORE) {
                return;
            }
            boolean mayCall = now == FREE || (now != NONE && mayInterrupt());
            if (!mayCall && now == CANCEL) {
                return;
            }
            if (ACCESS.compareAndSet(this, now, mayCall || now == NONE ? NO_MORE : CANCEL)) {
                if (mayCall) {
                    cancel(Objects.requireNonNull(subscription));
                }
                return;
            }
        }
    }

    /** Rule 3.15 forbids it to throw; whoever cancels has more to do. */
    private void cancel(Subscription own) {
        try {
            own.cancel();
        } catch (Throwable e) {
            Dropped.error(e, context);
        }
    }

    private boolean mayInterrupt() {
        Object who = requester;
        if (subscription instanceof Scannable) {
            return true;
        }
        return who == loop ? loop.inLoop() : who == Thread.currentThread();
    }
}
