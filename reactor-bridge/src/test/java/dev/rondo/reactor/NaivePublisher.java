package dev.rondo.reactor;

import dev.rondo.*;
import dev.rondo.sync.AsyncLock;

import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;

import java.util.concurrent.CancellationException;

/** Publishes the body of a flux simply and slowly, and rightly unless it makes a mistake. */
final class NaivePublisher implements Subscription, Emitter<Integer> {
    /** What it leaves out, and what an explorer says of it. */
    enum Mistake {
        NONE(""),
        /** Two may wait for demand, and there is one promise for both. */
        NO_TURN("cleaned 0"),
        /** A cancel from outside is noted when the loop comes to it. */
        NOTED_LATE("after a cancel that has returned"),
        /** Who sees that it is cancelled throws without the request, which comes as well. */
        REQUEST_LEFT("cancelled 2 times"),
        /** Each cancel asks the body to end. */
        ASKED_AGAIN("cancelled 2 times");

        final String shown;

        Mistake(String shown) {
            this.shown = shown;
        }
    }

    private final CoreSubscriber<? super Integer> actual;
    private final EventLoop loop;
    private final Mistake mistake;
    private final AsyncLock turn = new AsyncLock();
    private long requested;
    private volatile boolean cancelled;
    private boolean asked;
    private Promise<Void> waiter;
    private Task<?> task;

    NaivePublisher(CoreSubscriber<? super Integer> actual, EventLoop loop, Mistake mistake) {
        this.actual = actual;
        this.loop = loop;
        this.mistake = mistake;
    }

    /** On the loop. */
    void start(AsyncConsumer<Emitter<Integer>> body) {
        actual.onSubscribe(this);
        if (!cancelled) {
            task = loop.submit(() -> body.accept(this));
            task.onDone(done -> {
                if (!cancelled) {
                    actual.onComplete();
                }
            });
        }
    }

    @Override
    public void request(long n) {
        loop.tryRun(() -> {
            requested += n;
            if (waiter != null) {
                waiter.tryComplete(null);
            }
        });
    }

    @Override
    public void cancel() {
        if (mistake != Mistake.NOTED_LATE) {
            cancelled = true;
        }
        loop.tryRun(() -> {
            cancelled = true;
            ask();
        });
    }

    private void ask() {
        if (task != null && (!asked || mistake == Mistake.ASKED_AGAIN)) {
            asked = true;
            task.cancel();
        }
    }

    @Override
    public void emit(Integer value) {
        if (mistake == Mistake.NO_TURN) {
            emitInTurn(value);
        } else {
            turn.with(() -> emitInTurn(value));
        }
    }

    private void emitInTurn(Integer value) {
        while (requested == 0 && !cancelled) {
            waiter = loop.newPromise();
            waiter.await();
        }
        if (cancelled) {
            if (mistake != Mistake.REQUEST_LEFT) {
                ask();
                Async.checkCancelled();
            }
            throw new CancellationException("the subscriber has cancelled");
        }
        requested--;
        actual.onNext(value);
    }

    @Override
    public boolean tryEmit(Integer value) {
        throw new UnsupportedOperationException("no program tries with it");
    }
}
