package dev.rondo.reactor;

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
     * `state` leaves ACTIVE once: to DONE by the signal that is taken for the end, to CANCELLED by the
     * coroutine. Signals may come from any thread; by the rules one after another, but nothing here
     * relies on that for more than the order of elements.
     */
    private static final int ACTIVE = 0;
    private static final int DONE = 1;
    private static final int CANCELLED = 2;
    private static final VarHandle STATE;
    private static final VarHandle SUBSCRIPTION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(SourceSubscriber.class, "state", int.class);
            SUBSCRIPTION =
                    lookup.findVarHandle(
                            SourceSubscriber.class, "subscription", Subscription.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Context context;
    private volatile int state;
    private volatile @Nullable Subscription subscription;

    SourceSubscriber(Context context) {
        this.context = context;
    }

    /** The subscription is there: ask for elements. */
    abstract void subscribed(Subscription own);

    /** An element in its time. */
    abstract void next(T value);

    /** The end, once. */
    abstract void ended(@Nullable Throwable failure);

    /** Subscribes; what the publisher throws is taken as its error. On the caller's thread. */
    final void subscribeTo(Publisher<? extends T> source) {
        try {
            source.subscribe(this);
        } catch (Throwable e) {
            cancelSubscription();
            onError(e);
        }
    }

    @Override
    public final Context currentContext() {
        return context;
    }

    @Override
    public final void onSubscribe(Subscription own) {
        Objects.requireNonNull(own, "subscription");
        if (SUBSCRIPTION.compareAndSet(this, null, own)) {
            subscribed(own);
        } else {
            // Rule 2.5; or the coroutine was cancelled before.
            own.cancel();
        }
    }

    @Override
    public final void onNext(T value) {
        Objects.requireNonNull(value, "value");
        switch (state) {
            case ACTIVE -> next(value);
            case DONE -> Operators.onNextDropped(value, context);
            default -> Operators.onDiscard(value, context);
        }
    }

    @Override
    public final void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (!end(failure) && !(isCancelled() && failure instanceof CancellationException)) {
            Operators.onErrorDropped(failure, context);
        }
    }

    @Override
    public final void onComplete() {
        end(null);
    }

    /** Takes this for the end, unless there was one. */
    final boolean end(@Nullable Throwable failure) {
        if (!STATE.compareAndSet(this, ACTIVE, DONE)) {
            return false;
        }
        ended(failure);
        return true;
    }

    /** The coroutine wants no more. From any thread; false if the end has come before. */
    final boolean cancel() {
        if (!STATE.compareAndSet(this, ACTIVE, CANCELLED)) {
            return false;
        }
        cancelSubscription();
        return true;
    }

    final void cancelSubscription() {
        Subscription own =
                (Subscription) SUBSCRIPTION.getAndSet(this, Operators.cancelledSubscription());
        if (own != null) {
            own.cancel();
        }
    }

    final void request(long n) {
        Subscription own = subscription;
        if (own != null) {
            own.request(n);
        }
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
