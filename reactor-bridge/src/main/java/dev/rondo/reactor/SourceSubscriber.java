package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Awaitable;
import dev.rondo.EventLoop;
import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
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
 * The one engine that subscribes for a coroutine. Whatever a publisher does, right or wrong, one
 * end is taken, and nothing is thrown at the publisher but for nulls (rule 2.13): what comes before
 * or after its time goes to Reactor's hooks.
 */
abstract class SourceSubscriber<T> implements CoreSubscriber<T>, Scannable {
    /*
     * `state` leaves ACTIVE once: to DONE by the signal that is taken for the end, to CANCELLED for the
     * coroutine. Signals may come from any thread; by the rules one after another, but nothing here
     * relies on that for more than the order of elements.
     *
     * `access` keeps calls of the subscription apart (rule 2.7). NONE, as long as there is no
     * subscription; FREE, when nobody is in it; zero and above, while a thread is in request(), with as
     * many more to be requested by that thread; CANCEL, when that thread has to cancel as well; CANCELLED,
     * when nothing is called any more. Who is in request() may meet itself there: a callback of the
     * publisher that gives an element, or a coroutine that such a callback has suspended. Then cancel()
     * is called within, as the rules allow. Reactor's own operators bear a cancel at any moment, and are
     * given it at once: what they do within request(), a database's whole statement perhaps, would
     * go on otherwise after the subscriber's cancel has returned.
     *
     * In the body of a mono or flux, `older` and `newer` are its place among the sources in flight.
     */
    private static final int ACTIVE = 0;
    private static final int DONE = 1;
    private static final int CANCELLED = 2;

    private static final long FREE = -1;
    private static final long NONE = -2;
    private static final long CANCEL = -3;
    private static final long NO_MORE = -4;

    /** Where Reactor keeps the hook of doOnDiscard in a Context. */
    private static final String ON_DISCARD = "reactor.onDiscard.local";

    private static final VarHandle STATE;
    private static final VarHandle ACCESS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(SourceSubscriber.class, "state", int.class);
            ACCESS = lookup.findVarHandle(SourceSubscriber.class, "access", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final EventLoop loop;
    private final Context context;
    private final @Nullable BodySubscription<?> body;
    private volatile int state;
    private volatile long access = NONE;
    private @Nullable Subscription subscription;

    /** While a thread is in request(): the loop if it is on it, else the thread. */
    private @Nullable Object requester;

    /** Whose cancellation is this one's too; set before it is among the sources. */
    @Nullable Awaitable<?> owner;

    @Nullable SourceSubscriber<?> older;
    @Nullable SourceSubscriber<?> newer;
    boolean inFlight;

    /**
     * @param onLoop whether this is made there
     */
    SourceSubscriber(EventLoop loop, boolean onLoop) {
        this.loop = loop;
        CoroutineContext here = CoroutineContext.current(loop);
        body = onLoop ? here.bodyOn(loop) : null;
        context = Propagation.withThreadLocals(here);
    }

    /** The subscription is there: how many elements to ask for. */
    abstract long firstRequest();

    /** An element in its time. */
    abstract void next(T value);

    /** The end, once. */
    abstract void ended(@Nullable Throwable failure);

    /**
     * It was cancelled by somebody else: whoever waits for it is told, if nobody has. On the loop.
     */
    abstract void abandon();

    // Of the coroutine.

    /**
     * As {@link #join}, for the coroutine that calls.
     *
     * @throws CancellationException if it is to end: then nothing may be subscribed to
     */
    final void enter(Awaitable<?> owner) {
        join(owner);
        try {
            Async.checkCancelled();
        } catch (Throwable e) {
            leave();
            throw e;
        }
    }

    /**
     * Joins the sources in flight, whose subscriptions end with the body's; on the loop.
     *
     * @param owner the task that waits, or a promise that some task may wait for
     */
    final void join(Awaitable<?> owner) {
        this.owner = owner;
        if (body != null) {
            body.add(this);
        }
    }

    /** Leaves the sources in flight; on the loop. */
    final void leave() {
        if (body != null) {
            body.remove(this);
        }
    }

    /** Leaves them when the promise has ended. */
    final void leaveWith(Promise<?> result) {
        if (body != null) {
            if (result.isDone()) {
                leave();
            } else {
                result.onDone(done -> leave());
            }
        }
    }

    /**
     * Subscribes. The publisher may run code of the coroutine that calls meanwhile, and take its
     * cancellation for an error: so that cancels this at once.
     */
    final void subscribeInCoroutine(Publisher<? extends T> source) {
        Async.onCancel(this::cancel, () -> subscribeTo(source));
    }

    /** Subscribes; what the publisher throws is taken as its error. On the caller's thread. */
    final void subscribeTo(Publisher<? extends T> source) {
        try {
            source.subscribe(this);
        } catch (Throwable e) {
            cancelAndEnd(e);
        }
    }

    /** What the publisher has failed with is thrown at the coroutine. */
    final void passes(Throwable failure) {
        if (body != null) {
            body.passes(failure);
        }
    }

    /** Whether the subscriber for whom this works has cancelled. */
    final boolean isForNobody() {
        return body != null && body.isOver();
    }

    /** What the coroutine gets when this was cancelled for it: the request itself, if it waits. */
    final CancellationException cancellation() {
        if (body != null) {
            body.deliverCancel();
        }
        Async.checkCancelled();
        return new CancellationException("the subscription was cancelled with its task");
    }

    /** The coroutine wants no more. From any thread; false if the end has come before. */
    final boolean cancel() {
        if (!STATE.compareAndSet(this, ACTIVE, CANCELLED)) {
            return false;
        }
        cancelSubscription();
        return true;
    }

    // Of the publisher.

    @Override
    public final Context currentContext() {
        return context;
    }

    @Override
    public final void onSubscribe(Subscription own) {
        refuseNull(own, "subscription");
        if (ACCESS.compareAndSet(this, NONE, 0)) {
            subscription = own;
            requestInTurn(own, firstRequest());
        } else {
            // Rule 2.5; or the coroutine was cancelled before.
            cancel(own);
        }
    }

    @Override
    public final void onNext(T value) {
        refuseNull(value, "element");
        switch (state) {
            case ACTIVE -> next(value);
            case DONE -> Dropped.value(value, context);
            default -> discard(value);
        }
    }

    @Override
    public final void onError(Throwable failure) {
        refuseNull(failure, "error");
        if (!end(failure)) {
            drop(failure);
        }
    }

    @Override
    public final void onComplete() {
        end(null);
    }

    /**
     * Rule 2.13: a null is thrown back at the publisher, whose subscription is over by that. The
     * coroutine gets it too, since it may be the only one that catches it.
     */
    private void refuseNull(@Nullable Object given, String what) {
        if (given == null) {
            NullPointerException failure =
                    new NullPointerException(
                            "The publisher gave null as " + what + ", against rule 2.13");
            if (isActive()) {
                cancelAndEnd(failure);
            }
            throw failure;
        }
    }

    /** Takes this for the end, unless there was one. */
    final boolean end(@Nullable Throwable failure) {
        if (!STATE.compareAndSet(this, ACTIVE, DONE)) {
            return false;
        }
        ended(failure);
        return true;
    }

    /**
     * Takes this for the end, whatever the publisher signals when it is cancelled; the coroutine
     * goes on after that.
     */
    final void cancelAndEnd(@Nullable Throwable failure) {
        boolean first = STATE.compareAndSet(this, ACTIVE, DONE);
        cancelSubscription();
        if (first) {
            ended(failure);
        } else if (failure != null) {
            drop(failure);
        }
    }

    private void drop(Throwable failure) {
        if (!isCancelled() || !(failure instanceof CancellationException)) {
            Dropped.error(failure, context);
        }
    }

    // The subscription.

    final void request(long n) {
        while (true) {
            long now = access;
            if (now == FREE) {
                if (ACCESS.compareAndSet(this, FREE, 0)) {
                    requestInTurn(Objects.requireNonNull(subscription), n);
                    return;
                }
            } else if (now < 0 || ACCESS.compareAndSet(this, now, Operators.addCap(now, n))) {
                return;
            }
        }
    }

    /** Requests, and then does what others have wanted meanwhile. */
    private void requestInTurn(Subscription own, long n) {
        for (long more = n; more > 0; more = afterRequest(own)) {
            requester = loop.inLoop() ? loop : Thread.currentThread();
            try {
                own.request(more);
            } catch (Throwable e) {
                // Rule 3.16. Whoever requests goes on: what it asked for will not come.
                cancelAndEnd(e);
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

    // What nobody will take.

    final void discard(@Nullable Object value) {
        if (value != null) {
            Operators.onDiscard(value, discardContext());
        }
    }

    /**
     * The Context with the discard hook: {@code doOnDiscard} writes it for what lies above it, so
     * one that is written on the publisher itself is in the Context of an operator above. It calls
     * the hook of the Context here as well: so the nearest that is another one is looked for.
     */
    final Context discardContext() {
        Object here = context.getOrDefault(ON_DISCARD, null);
        Object above = subscription;
        while (above instanceof CoreSubscriber<?> operator) {
            Object hook = operator.currentContext().getOrDefault(ON_DISCARD, null);
            if (hook != null && hook != here) {
                return operator.currentContext();
            }
            above = Scannable.from(operator).scanUnsafe(Attr.PARENT);
        }
        return context;
    }

    final boolean isActive() {
        return state == ACTIVE;
    }

    final boolean isCancelled() {
        return state == CANCELLED;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return subscription;
        }
        if (key == Attr.TERMINATED) {
            return state == DONE;
        }
        if (key == Attr.CANCELLED) {
            return isCancelled();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
