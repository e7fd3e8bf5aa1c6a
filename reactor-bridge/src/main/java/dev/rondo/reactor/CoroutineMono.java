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
    private final Coroutine<? extends @Nullable T> body;

    private CoroutineMono(@Nullable EventLoop loop, Coroutine<? extends @Nullable T> body) {
        this.loop = loop;
        this.body = body;
    }

    /**
     * @param loop null: that of the coroutine that awaits it, else the one that is current at the
     *     subscription, else the shared one
     */
    static <T> Mono<T> of(@Nullable EventLoop loop, Coroutine<? extends @Nullable T> body) {
        return onAssembly(new CoroutineMono<>(loop, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        EventLoop on = loop != null ? loop : CoroutineContext.loopOf(actual.currentContext());
        BodySubscription<T> subscription = new BodySubscription<>(actual, on);
        subscription.start(emitter -> emitResult(emitter, subscription.context()));
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

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.RUN_ON) {
            return loop == null ? null : LoopScheduler.viewOf(loop);
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
