package dev.rondo.reactor;

import dev.rondo.AsyncConsumer;
import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** A coroutine that emits as a cold Flux: each subscriber has a task of its own. */
final class CoroutineFlux<T> extends Flux<T> implements Scannable {
    /** Null: {@code choice} says it for each subscriber. */
    private final @Nullable EventLoop loop;

    private final LoopChoice choice;
    private final AsyncConsumer<Emitter<T>> body;

    private CoroutineFlux(
            @Nullable EventLoop loop, LoopChoice choice, AsyncConsumer<Emitter<T>> body) {
        this.loop = loop;
        this.choice = choice;
        this.body = body;
    }

    static <T> Flux<T> of(EventLoop loop, AsyncConsumer<Emitter<T>> body) {
        return onAssembly(new CoroutineFlux<>(loop, LoopChoice.CURRENT, body));
    }

    static <T> Flux<T> of(LoopChoice choice, AsyncConsumer<Emitter<T>> body) {
        return onAssembly(new CoroutineFlux<>(null, choice, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        EventLoop on = loop != null ? loop : choice.forSubscriber(actual.currentContext());
        new BodySubscription<T>(actual, on).start(body);
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
