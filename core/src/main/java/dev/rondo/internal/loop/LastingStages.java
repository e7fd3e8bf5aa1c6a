package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;

/**
 * Stages that were awaited, and went on when the waiting was cancelled: each with the promise that
 * its end will come to. A stage forgets nobody, so those who wait for it again share what the first
 * has registered. On the loop.
 */
final class LastingStages {
    private final Map<CompletionStage<?>, LoopFuture<?>> promises = new WeakHashMap<>();

    void keep(CompletionStage<?> stage, LoopFuture<?> promise) {
        promises.put(stage, promise);
    }

    /** Null, nearly always, if the stage has not been kept. */
    @SuppressWarnings("unchecked") // of a stage of T, the promise is one too
    <T extends @Nullable Object> @Nullable LoopFuture<T> find(CompletionStage<T> stage) {
        return promises.isEmpty() ? null : (LoopFuture<T>) promises.get(stage);
    }
}
