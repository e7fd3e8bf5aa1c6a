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
                failure != null
                                && failure.getClass() == CompletionException.class
                                && failure.getCause() != null
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
    boolean requestCancel(CancelRequest request) {
        if (!super.requestCancel(request)) {
            return false;
        }
        try {
            stage.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // The stage gives no access to its future: it goes on, unheard.
            ErrorReports.log(System.Logger.Level.DEBUG, "A stage cannot be cancelled", e);
        } catch (Throwable e) {
            loop.report("A stage failed to be cancelled", e, null);
        }
        return true;
    }
}
