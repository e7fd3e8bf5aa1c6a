package dev.rondo.reactor;

import dev.rondo.*;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs a body for a subscriber, and awaits publishers for the body: simply, for a world where one
 * thread runs at a time, and rightly unless it makes a mistake.
 */
final class NaiveAwaiter implements Subscription {
    /** What it does wrong, and what an explorer says of it. */
    enum Mistake {
        NONE(""),
        /** It looks whether it is cancelled, subscribes, and joins the list after that. */
        JOINED_LATE("a is not cancelled"),
        /** It joins the list and does not look whether it is cancelled. */
        NOT_LOOKED("is subscribed to after the cancel"),
        /** Only the loop cancels what is in the list. */
        CANCELLED_LATE("a is not cancelled"),
        /** It cancels whatever another thread is in. */
        OVERLAPPING("cancel overlaps another call"),
        /** What has arrived when the coroutine is cancelled is forgotten. */
        NOT_DISCARDED("taken [], discarded [], dropped []"),
        /** Every cancel cancels what is in the list, a clean-up's sources too. */
        CANCELLED_AGAIN("cleaned 0");

        final String shown;

        Mistake(String shown) {
            this.shown = shown;
        }
    }

    private final CoreSubscriber<? super Integer> actual;
    private final EventLoop loop;
    private final Mistake mistake;
    private final List<Source> sources = new ArrayList<>();
    private boolean cancelled;
    private boolean asked;
    private Task<?> task;

    NaiveAwaiter(CoreSubscriber<? super Integer> actual, EventLoop loop, Mistake mistake) {
        this.actual = actual;
        this.loop = loop;
        this.mistake = mistake;
    }

    /** On the loop. */
    void start(Action body) {
        actual.onSubscribe(this);
        if (!cancelled) {
            task = loop.submit(body);
            task.onDone(done -> {
                if (!cancelled) {
                    actual.onComplete();
                }
            });
        }
    }

    @Override
    public void request(long n) {
        // There are no elements.
    }

    @Override
    public void cancel() {
        boolean again = cancelled && mistake != Mistake.CANCELLED_AGAIN;
        cancelled = true;
        if (!again) {
            if (mistake != Mistake.CANCELLED_LATE) {
                List.copyOf(sources).forEach(Source::cancel);
            }
            loop.tryRun(this::ask);
        }
    }

    private void ask() {
        if (!asked && task != null) {
            asked = true;
            task.cancel();
            List.copyOf(sources).forEach(Source::cancel);
        }
    }

    /** In the body. */
    Integer await(Publisher<Integer> publisher) {
        Source source = new Source();
        if (mistake != Mistake.JOINED_LATE) {
            sources.add(source);
        }
        try {
            if (cancelled && mistake != Mistake.NOT_LOOKED) {
                ask();
                Async.checkCancelled();
            }
            publisher.subscribe(source);
            if (mistake == Mistake.JOINED_LATE) {
                sources.add(source);
            }
            return source.await();
        } finally {
            sources.remove(source);
        }
    }

    private final class Source implements CoreSubscriber<Integer> {
        private final Promise<Integer> result = loop.newPromise();
        private Subscription subscription;
        private Integer value;
        private boolean over;
        private boolean unwanted;
        private boolean told;

        /** Who is in request(). */
        private Object requester;

        Integer await() {
            try {
                return result.await();
            } catch (CancellationException e) {
                cancel();
                if (value != null && mistake != Mistake.NOT_DISCARDED) {
                    Operators.onDiscard(value, currentContext());
                }
                throw e;
            }
        }

        void cancel() {
            unwanted = true;
            boolean free = requester == null || requester == here();
            if (subscription != null && (free || mistake == Mistake.OVERLAPPING)) {
                tell();
            }
        }

        private void tell() {
            if (!told && !over) {
                told = true;
                subscription.cancel();
            }
        }

        private Object here() {
            return loop.inLoop() ? loop : Thread.currentThread();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription own) {
            subscription = own;
            if (!unwanted) {
                requester = here();
                own.request(Long.MAX_VALUE);
                requester = null;
            }
            if (unwanted) {
                tell();
            }
        }

        @Override
        public void onNext(Integer next) {
            if (unwanted) {
                Operators.onDiscard(next, currentContext());
            } else {
                value = next;
            }
        }

        @Override
        public void onError(Throwable failure) {
            over = true;
            result.tryFail(failure);
        }

        @Override
        public void onComplete() {
            over = true;
            result.tryComplete(value);
        }
    }
}
