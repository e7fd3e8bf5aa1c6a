package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;

/**
 * The one engine that subscribes for a coroutine. Whatever a publisher does, right or wrong, one
 * end is taken, and nothing is thrown at the publisher but for nulls (rule 2.13): what comes before
 * or after its time goes to Reactor's hooks.
 */
abstract class SourceSubscriber<T> extends GuardedSubscription
        implements CoreSubscriber<T>, Scannable {
    /*
     * `state` leaves ACTIVE once: to DONE by the signal that is taken for the end, to CANCELLED for the
     * coroutine. Signals may come from any thread; by the rules one after another, but nothing here
     * relies on that for more than the order of elements.
     */
    private static final int ACTIVE = 0;
    private static final int DONE = 1;
    private static final int CANCELLED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE =
                    MethodHandles.lookup()
                            .findVarHandle(SourceSubscriber.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    /** Under virtual time, while the publisher runs elsewhere. */
    private volatile EventLoop.@Nullable Hold hold;

    /**
     * @param onLoop whether this is made there
     */
    SourceSubscriber(EventLoop loop, boolean onLoop) {
        this(loop, onLoop, CoroutineContext.current(loop));
    }

    private SourceSubscriber(EventLoop loop, boolean onLoop, CoroutineContext here) {
        super(loop, onLoop ? here.bodyOn(loop) : null, Propagation.withThreadLocals(here));
    }

    /** The subscription is there: how many elements to ask for. */
    abstract long firstRequest();

    /** An element in its time. */
    abstract void accept(T value);

    /** The end, once. */
    abstract void acceptEnd(@Nullable Throwable failure);

    // Of the coroutine.

    /**
     * Subscribes. The publisher may run code of the coroutine that calls meanwhile, and take its
     * cancellation for an error: so that cancels this at once.
     */
    final void subscribeInCoroutine(Publisher<? extends T> source) {
        Async.onCancel(this::cancel, () -> subscribeTo(source));
    }

    /** Subscribes; what the publisher throws is taken as its error. On the caller's thread. */
    final void subscribeTo(Publisher<? extends T> source) {
        EventLoop.Hold held = WorkOutside.hold(loop, source);
        if (held != null) {
            hold = held;
        }
        try {
            source.subscribe(this);
        } catch (Throwable e) {
            cancelAndEnd(e);
        }
    }

    @Override
    final boolean cancel() {
        if (!STATE.compareAndSet(this, ACTIVE, CANCELLED)) {
            return false;
        }
        cancelSubscription();
        releaseTime();
        return true;
    }

    private void holdTimeAgain() {
        EventLoop.Hold before = hold;
        if (before != null) {
            hold = WorkOutside.again(loop);
            before.close();
            if (!isActive()) {
                releaseTime();
            }
        }
    }

    private void releaseTime() {
        EventLoop.Hold held = hold;
        if (held != null) {
            hold = null;
            held.close();
        }
    }

    // Of the publisher.

    @Override
    public final Context currentContext() {
        return context;
    }

    @Override
    public final void onSubscribe(Subscription own) {
        refuseNull(own, "subscription");
        open(own, firstRequest());
    }

    @Override
    public final void onNext(T value) {
        refuseNull(value, "element");
        switch (state) {
            case ACTIVE -> {
                accept(value);
                holdTimeAgain();
            }
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
        acceptEnd(failure);
        releaseTime();
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
            acceptEnd(failure);
            releaseTime();
        } else if (failure != null) {
            drop(failure);
        }
    }

    @Override
    final void requestFailed(Throwable failure) {
        cancelAndEnd(failure);
    }

    private void drop(Throwable failure) {
        if (!isCancelled() || !(failure instanceof CancellationException)) {
            Dropped.error(failure, context);
        }
    }

    // What nobody will take.

    final void discard(@Nullable Object value) {
        if (value != null) {
            Operators.onDiscard(value, discardContext());
        }
    }

    final Context discardContext() {
        return DiscardHook.nearest(context, subscription());
    }

    final boolean isActive() {
        return state == ACTIVE;
    }

    @Override
    final boolean isCancelled() {
        return state == CANCELLED;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return subscription();
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
