package dev.rondo.internal.loop;

import dev.rondo.Outcome;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** The result of a stage that some other thread completes; cancelled, it cancels the stage. */
final class StagePromise<T extends @Nullable Object> extends LoopPromise<T> {
    private final CompletionStage<T> stage;
    private final Link<T> link;

    private StagePromise(LoopCore loop, CompletionStage<T> stage) {
        super(loop);
        this.stage = stage;
        link = new Link<>(loop, stage, this);
        stage.whenComplete(link);
    }

    /** The stage's result, for one who waits. */
    static <T extends @Nullable Object> LoopPromise<T> of(LoopCore loop, CompletionStage<T> stage) {
        LoopFuture<T> lasting = loop.lastingStages.find(stage);
        return lasting != null ? new Again<>(lasting) : new StagePromise<>(loop, stage);
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        if (!super.requestCancel(request)) {
            return false;
        }
        link.release();
        try {
            // What depends on the stage is others' code.
            Scope.apart(null, () -> stage.toCompletableFuture().cancel(true));
        } catch (UnsupportedOperationException e) {
            // The stage gives no access to its future: it goes on, unheard.
            ErrorReports.log(System.Logger.Level.DEBUG, "A stage cannot be cancelled", e);
        } catch (Throwable e) {
            loop.report("A stage failed to be cancelled", e);
        }
        if (!link.ended) {
            loop.lastingStages.keep(stage, link.leadElsewhere());
        }
        return true;
    }

    /**
     * What is registered with the stage, which keeps it as long as it lives. So it leads away from
     * whoever has waited in vain, and serves those who come later.
     */
    private static final class Link<T extends @Nullable Object> extends Turn
            implements BiConsumer<T, @Nullable Throwable> {
        private final LoopCore loop;
        private LoopPromise<T> to;
        private @Nullable T value;
        private @Nullable Throwable failure;
        private boolean ended;

        /** Who completes the stage is not known: another thread, most likely. */
        private final @Nullable TimeHold hold;

        Link(LoopCore loop, CompletionStage<T> stage, LoopPromise<T> to) {
            this.loop = loop;
            this.to = to;
            hold = TimeHold.forStage(loop, stage);
        }

        @Override
        public void accept(T given, @Nullable Throwable failed) {
            value = given;
            failure = failed;
            // If the loop has closed in the meantime, nobody is left who waits. This itself is
            // sent:
            // whoever completes the stage may have no memory left.
            loop.tryExecute(this);
            release();
        }

        void release() {
            if (hold != null) {
                hold.close();
            }
        }

        LoopPromise<T> leadElsewhere() {
            LoopPromise<T> lasting = new LoopPromise<>(loop);
            lasting.expectFailure();
            to = lasting;
            return lasting;
        }

        @Override
        public void run() {
            ended = true;
            Throwable failed = failure;
            Throwable cause = failed == null ? null : Outcome.unwrap(failed);
            if (cause == null) {
                to.settleValue(value);
            } else if (cause instanceof CancellationException cancelled) {
                to.settleCancelled(cancelled);
            } else {
                to.settleFailed(cause);
            }
        }
    }

    /** The result of a stage that has been awaited before. */
    private static final class Again<T extends @Nullable Object> extends LoopPromise<T> {
        private final LoopFuture<T> lasting;
        private final Waiter ended =
                new Waiter() {
                    @Override
                    public void run() {
                        settleAs(lasting);
                    }
                };

        Again(LoopFuture<T> lasting) {
            super(lasting.loop);
            this.lasting = lasting;
            if (lasting.isDone()) {
                settleAs(lasting);
            } else {
                lasting.addWaiter(ended);
            }
        }

        @Override
        boolean requestCancel(CancelRequest request) {
            lasting.removeWaiter(ended);
            return super.requestCancel(request);
        }
    }
}
