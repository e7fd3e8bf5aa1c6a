package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

import java.util.concurrent.CancellationException;

/** A coroutine as a cold Mono: each subscriber has a task of its own. */
final class CoroutineMono<T> extends Mono<T> implements Scannable {
    /** Null: {@code choice} says it for each subscriber. */
    private final @Nullable EventLoop loop;

    private final LoopChoice choice;
    private final Coroutine<? extends @Nullable T> body;

    private CoroutineMono(
            @Nullable EventLoop loop, LoopChoice choice, Coroutine<? extends @Nullable T> body) {
        this.loop = loop;
        this.choice = choice;
        this.body = body;
    }

    static <T> Mono<T> of(EventLoop loop, Coroutine<? extends @Nullable T> body) {
        return onAssembly(new CoroutineMono<>(loop, LoopChoice.CURRENT, body));
    }

    static <T> Mono<T> of(LoopChoice choice, Coroutine<? extends @Nullable T> body) {
        return onAssembly(new CoroutineMono<>(null, choice, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        EventLoop on = loop != null ? loop : choice.forSubscriber(actual.currentContext());
        BodySubscription<T> subscription = new BodySubscription<>(actual, on);
        subscription.start(emitter -> emitResult(emitter, subscription));
    }

    /**
     * The result is the only element, if it is not null. On a hosted loop it is given when the body
     * has ended, on the host's own thread: a server that is the host sends it at once.
     */
    private void emitResult(Emitter<T> emitter, BodySubscription<T> subscription) throws Exception {
        T result = body.run();
        if (result == null) {
            return;
        }
        try {
            // A body that has cancelled itself is cancelled before the value is out.
            Async.checkCancelled();
            if (subscription.loop.isHosted()) {
                subscription.endWith(result);
            } else {
                emitter.emit(result);
            }
        } catch (CancellationException e) {
            Operators.onDiscard(result, subscription.context());
            throw e;
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.RUN_ON) {
            return loop == null ? null : LoopScheduler.viewOf(loop);
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
