package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.flux;

import dev.rondo.reactor.Orders.Program;
import dev.rondo.reactor.Orders.Script;

import java.util.ArrayList;
import java.util.List;

/** A flux, its subscriber, and who knows which element was given. */
abstract class BodyProgram extends Program {
    final Taker taker = taker();
    final CarefulBody body = new CarefulBody(this);
    final List<Integer> given = new ArrayList<>();
    final List<Integer> refused = new ArrayList<>();
    final Exception failure = new Exception("of the body");
    Emitter<Integer> emitter;
    boolean failed;
    private NaivePublisher.Mistake mistake;

    Taker taker() {
        return new Taker(this);
    }

    abstract void work() throws Exception;

    /** As a subscriber gets it. */
    void subscribe() {
        if (mistake == null) {
            flux(loop(), this::run).subscribe(taker);
        } else {
            new NaivePublisher(taker, loop(), mistake).start(this::run);
        }
    }

    /** By the twin in place of the bridge. */
    final BodyProgram by(NaivePublisher.Mistake ofTwin) {
        mistake = ofTwin;
        return this;
    }

    final void run(Emitter<Integer> own) throws Exception {
        emitter = own;
        body.run(this::work, () -> {});
    }

    final void emit(int value) {
        boolean out = false;
        try {
            emitter.emit(value);
            out = true;
        } finally {
            (out ? given : refused).add(value);
        }
    }

    final void tryEmit(int value) {
        (emitter.tryEmit(value) ? given : refused).add(value);
    }

    final void fail() throws Exception {
        failed = true;
        throw failure;
    }

    final BodyProgram requests(int times, int each) {
        Script script = anywhere();
        for (int i = 0; i < times; i++) {
            script.then("request", taker::isSubscribed, () -> taker.request(each));
        }
        return this;
    }

    final BodyProgram cancels(int times) {
        for (int i = 0; i < times; i++) {
            anywhere().then("cancel", taker::isSubscribed, taker::cancel);
        }
        return this;
    }

    @Override
    void begin() {
        subscribe();
    }

    @Override
    void atEnd() {
        body.checkEnded();
        require(given.equals(taker.got), "given " + given + ", got " + taker.got);
        require(
                taker.hasEnded() || taker.cancelled,
                "no end; given " + given + ", refused " + refused);
        List<Throwable> errors = new ArrayList<>(taker.droppedErrors);
        if (taker.failure != null) {
            errors.add(taker.failure);
        }
        require(
                errors.equals(failed && !body.cutShort ? List.of(failure) : List.of()),
                "told of " + errors);
    }
}
