package dev.rondo.internal.loop;

import dev.rondo.Awaitable;
import dev.rondo.ContextScope;
import dev.rondo.Handle;
import dev.rondo.Outcome;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A task that has ended before it was made, and belongs to no loop. */
public final class DoneTask<T extends @Nullable Object> implements Task<T> {
    private final Outcome<T> outcome;

    /** The task that has ended so. */
    public DoneTask(Outcome<T> outcome) {
        this.outcome = outcome;
    }

    /** The same as one that the loop's own can wait for. */
    LoopFuture<T> on(LoopCore loop) {
        LoopPromise<T> promise = new LoopPromise<>(loop);
        promise.settleAs(outcome);
        return promise;
    }

    @Override
    public T await() {
        Current.orThrow("await a task or promise");
        return result();
    }

    @Override
    public T result() {
        return switch (outcome) {
            case Outcome.Success<T> success -> success.value();
            case Outcome.Failure<T> failure -> throw Failure.of(failure.exception()).toThrow();
        };
    }

    @Override
    public @Nullable Throwable exception() {
        return outcome instanceof Outcome.Failure<T> failure ? failure.exception() : null;
    }

    @Override
    public Handle onDone(Consumer<Task<T>> callback) {
        return onDone(Scope.copy(), callback);
    }

    @Override
    public Handle onDone(ContextScope scope, Consumer<Task<T>> callback) {
        Objects.requireNonNull(callback, "callback");
        LoopCore loop = LoopCore.currentOrNull();
        if (loop != null) {
            return loop.callSoon(Scope.of(scope), () -> callback.accept(this));
        }
        callback.accept(this);
        return () -> {};
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return switch (outcome) {
            case Outcome.Success<T> success -> CompletableFuture.completedFuture(success.value());
            case Outcome.Failure<T> failure -> CompletableFuture.failedFuture(failure.exception());
        };
    }

    @Override
    public T join() {
        return result();
    }

    @Override
    public boolean isDone() {
        return true;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean cancel() {
        return false;
    }

    @Override
    public boolean cancel(@Nullable String message) {
        return false;
    }

    @Override
    public boolean cancelTree(@Nullable String message) {
        return false;
    }

    @Override
    public boolean cancelReaches(Awaitable<?> other) {
        return false;
    }

    @Override
    public int cancelling() {
        return 0;
    }

    @Override
    public int uncancel() {
        return 0;
    }

    @Override
    public String name() {
        return "done";
    }

    @Override
    public String toString() {
        return "Task[" + outcome + "]";
    }
}
