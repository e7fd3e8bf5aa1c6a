package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import java.util.concurrent.CancellationException;

/** A coroutine as a cold Mono: each subscriber has a task of its own. */
final class CoroutineMono<T> extends Mono<T> implements Scannable {
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
        return onAssembly(new CoroutineMono<>(loop, LoopChoice.of(loop), body));
    }

    static <T> Mono<T> of(LoopChoice choice, Coroutine<? extends @Nullable T> body) {
        return onAssembly(new CoroutineMono<>(null, choice, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        EventLoop on = choice.forSubscriber(actual.currentContext());
        BodySubscription<T> subscription = new BodySubscription<>(actual, on);
        subscription.start(
                on.isHosted()
                        ? emitter -> endWithResult(subscription)
                        : emitter -> emitResult(emitter, subscription.context()));
    }

    /** Its result is the only element, if it is not null. */
    private void emitResult(Emitter<T> emitter, Context context) throws Exception {
        T result = body.run();
        if (result != null) {
            try {
                // A body that has cancelled itself is cancelled before the value is out.
                Async.checkCancelled();
                emitter.emit(result);
            } catch (CancellationException e) {
                Operators.onDiscard(result, context);
                throw e;
            }
        }
    }

    /**
     * On a hosted loop the result is given when the body has ended, on the host's own thread: a
     * server that is the host sends it at once.
     */
    private void endWithResult(BodySubscription<T> subscription) throws Exception {
        T result = body.run();
        if (result != null) {
            subscription.endWith(result);
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
