package dev.rondo.reactor;

import dev.rondo.Action;
import dev.rondo.Async;

import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A subscriber that asks for what it is told to, and writes down what it is given. */
final class FluxProbe<T> implements CoreSubscriber<T> {
    final List<Object> trail = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long first;
    private volatile Subscription subscription;
    volatile Consumer<? super T> onNext = value -> {};
    volatile Consumer<Subscription> onSubscribe = own -> {};
    volatile Context context = recording(trail);

    /**
     * @param first how many it asks for at once
     */
    FluxProbe(long first) {
        this.first = first;
    }

    /** A context whose hooks write down what is dropped and what is discarded. */
    static Context recording(List<Object> trail) {
        Consumer<Throwable> errors = e -> trail.add("dropped " + e);
        Consumer<Object> values = value -> trail.add("dropped " + value);
        Context context =
                Context.of(
                        "reactor.onErrorDropped.local", errors,
                        "reactor.onNextDropped.local", values);
        return Operators.enableOnDiscard(context, value -> trail.add("discarded " + value));
    }

    /** Runs the body in a coroutine that has the context; in a coroutine. */
    static void with(Context context, Action body) {
        ReactorBridge.await(ReactorBridge.mono(body).contextWrite(context));
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    Subscription subscription() {
        return subscription;
    }

    /** Waits, on a plain thread, for the last signal. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription own) {
        trail.add("subscribed");
        subscription = own;
        onSubscribe.accept(own);
        if (first > 0) {
            own.request(first);
        }
    }

    @Override
    public void onNext(T value) {
        trail.add(value);
        onNext.accept(value);
    }

    @Override
    public void onError(Throwable failure) {
        trail.add(failure);
        ended.countDown();
    }

    @Override
    public void onComplete() {
        trail.add("complete");
        ended.countDown();
    }

    /** Lets the loop do all it can do by now; in a coroutine. */
    static void settle() {
        for (int i = 0; i < 20; i++) {
            Async.yieldNow();
        }
    }
}
