package dev.rondo.reactor;

import dev.rondo.reactor.Duet.Side;
import dev.rondo.reactor.Orders.*;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.Scannable;

import java.util.*;

/**
 * A publisher of a program, whose signals are the deeds of a script. It requires of its subscriber
 * what the rules of Reactive Streams do. It may give an element that was asked for, and its end,
 * after a cancel: they were under way.
 */
final class HandSource implements Publisher<Integer> {
    private final Program program;
    private final Taker taker;
    private final String name;
    private final Script script;
    private final boolean late;

    /** Whether its subscription bears overlapping calls, as those of Reactor's operators do. */
    private final boolean bears;

    private Subscriber<? super Integer> subscriber;
    private boolean given;
    private long demand;
    private Side calledBy;
    private boolean inRequest;
    private boolean ended;
    private boolean cancelled;
    final List<Object> made = new ArrayList<>();
    Throwable failure;
    boolean failedAfterCancel;

    /** Whether a shield lies between it and the subscriber's cancel. */
    boolean shielded;

    /** Whether it may be subscribed to after the subscriber's cancel. */
    boolean mayBeLate;

    /** Whether the subscriber's cancel had to cancel this. */
    boolean owed;

    /**
     * @param late whether it gives its subscription after subscribe() has returned
     */
    HandSource(Program program, Taker taker, String name, boolean late, boolean bears) {
        this.program = program;
        this.taker = taker;
        this.name = name;
        this.late = late;
        this.bears = bears;
        script = program.anywhere();
        if (late) {
            script.then(name + ".onSubscribe", () -> subscriber != null, this::give);
        }
    }

    /** One, two, and so on, each when it has been asked for. */
    HandSource emits(int count) {
        for (int i = 1; i <= count; i++) {
            int value = i;
            script.then(
                    name + ".onNext",
                    () -> given && demand > 0,
                    () -> {
                        demand--;
                        made.add(value);
                        subscriber.onNext(value);
                    });
        }
        return this;
    }

    /** An element and the end, as a mono does. */
    HandSource gives(int value) {
        script.then(
                name + ".onNext and onComplete",
                () -> given && demand > 0,
                () -> {
                    made.add(value);
                    ended = true;
                    subscriber.onNext(value);
                    subscriber.onComplete();
                });
        return this;
    }

    HandSource completes() {
        script.then(
                name + ".onComplete",
                () -> given,
                () -> {
                    ended = true;
                    subscriber.onComplete();
                });
        return this;
    }

    HandSource fails(Throwable how) {
        script.then(
                name + ".onError",
                () -> given,
                () -> {
                    ended = true;
                    failure = how;
                    failedAfterCancel = taker.cancelled;
                    subscriber.onError(how);
                });
        return this;
    }

    boolean isSubscribedTo() {
        return subscriber != null;
    }

    @Override
    public void subscribe(Subscriber<? super Integer> own) {
        program.require(subscriber == null, name + " is subscribed to again");
        program.require(
                !taker.cancelled || shielded || mayBeLate,
                name + " is subscribed to after the cancel");
        subscriber = own;
        program.point(name + ".subscribe");
        if (!late) {
            give();
        }
    }

    private void give() {
        given = true;
        subscriber.onSubscribe(bears ? new Bearing() : new Plain());
    }

    /** Before the subscriber cancels. */
    void aboutToCancel() {
        owed |= subscriber != null && !ended && !cancelled;
    }

    /** When the subscriber's cancel has returned. */
    void checkCancelled() {
        boolean inTheirRequest = !bears && inRequest && calledBy != program.here();
        program.require(
                !owed || !given || ended || cancelled || shielded || inTheirRequest,
                name + " is not cancelled");
    }

    void checkEnded() {
        program.require(!given || ended || cancelled, name + " is left behind");
    }

    private class Plain implements Subscription {
        @Override
        public void request(long n) {
            program.require(!cancelled, name + ": request after cancel");
            call(
                    "request",
                    () -> {
                        inRequest = true;
                        demand += n;
                        program.point(name + ".request");
                        inRequest = false;
                    });
        }

        @Override
        public void cancel() {
            program.require(!cancelled, name + ": a second cancel");
            cancelled = true;
            call("cancel", () -> program.point(name + ".cancel"));
        }

        private void call(String what, Runnable action) {
            Side before = calledBy;
            program.require(
                    bears || before == null || before == program.here(),
                    name + ": " + what + " overlaps another call");
            calledBy = program.here();
            action.run();
            calledBy = before;
        }
    }

    private final class Bearing extends Plain implements Scannable {
        @Override
        @SuppressWarnings("rawtypes") // as Scannable has it
        public Object scanUnsafe(Attr key) {
            return null;
        }
    }
}
