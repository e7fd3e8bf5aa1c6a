package dev.rondo.reactor;

import dev.rondo.Coroutine;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

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
        new BodySubscription<T>(actual, on).startForResult(body);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Scannable has it
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
