package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The result of a stage that some other thread completes; cancelled, it cancels the stage. */
final class StagePromise<T extends @Nullable Object> extends LoopPromise<T> {
    private final CompletionStage<T> stage;

    StagePromise(EventLoop loop, CompletionStage<T> stage) {
        super(loop);
        this.stage = stage;
        // If the loop has closed in the meantime, nobody is left who waits.
        stage.whenComplete((value, failure) -> loop.tryExecute(() -> take(value, failure)));
    }

    private void take(@Nullable T value, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause == null) {
            settleValue(value);
        } else if (cause instanceof CancellationException cancelled) {
            settleCancelled(cancelled);
        } else {
            settleFailed(cause);
        }
    }

    @Override
    boolean requestCancel(@Nullable String message) {
        if (!super.requestCancel(message)) {
            return false;
        }
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // The stage gives no access to its future: it goes on, unheard.
            ErrorReports.LOG.log(System.Logger.Level.DEBUG, "A stage cannot be cancelled", e);
        }
        return true;
    }
}
