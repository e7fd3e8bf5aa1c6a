package dev.rondo.reactor;

import dev.rondo.reactor.Orders.Program;

import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.*;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * The subscriber of a program: it keeps what it is given and what the hooks are, and requires what
 * the rules of Reactive Streams do.
 */
class Taker implements CoreSubscriber<Integer> {
    private final Program program;
    final List<Integer> got = new ArrayList<>();
    final List<Object> discarded = new ArrayList<>();
    final List<Object> droppedElements = new ArrayList<>();
    final List<Throwable> droppedErrors = new ArrayList<>();
    private final Context context;
    private Subscription subscription;
    private long requested;
    private boolean inside;

    /** Whether its cancel() has returned. */
    boolean cancelled;

    boolean completed;
    Throwable failure;

    Taker(Program program) {
        this.program = program;
        Consumer<Throwable> errors = droppedErrors::add;
        Consumer<Object> elements = droppedElements::add;
        context =
                Operators.enableOnDiscard(
                        Context.of(
                                "reactor.onErrorDropped.local", errors,
                                "reactor.onNextDropped.local", elements),
                        discarded::add);
    }

    boolean isSubscribed() {
        return subscription != null;
    }

    boolean hasEnded() {
        return completed || failure != null;
    }

    void request(long n) {
        requested += n;
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
        cancelled = true;
    }

    /** An element is here. */
    void taking() {
        program.point("onNext");
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription own) {
        program.require(subscription == null, "a second subscription");
        subscription = own;
        program.point("onSubscribe");
    }

    @Override
    public void onNext(Integer value) {
        begin("element " + value);
        got.add(value);
        program.require(got.size() <= requested, "more than was asked for");
        inside = true;
        try {
            taking();
        } finally {
            inside = false;
        }
    }

    @Override
    public void onError(Throwable error) {
        begin("error " + error);
        program.require(!(error instanceof CancellationException), "a cancellation as an error");
        failure = error;
    }

    @Override
    public void onComplete() {
        begin("end");
        completed = true;
    }

    private void begin(String signal) {
        program.require(subscription != null, signal + " before the subscription");
        program.require(!inside, signal + " within onNext");
        program.require(!hasEnded(), signal + " after the end");
        program.require(!cancelled, signal + " after a cancel that has returned");
    }
}
