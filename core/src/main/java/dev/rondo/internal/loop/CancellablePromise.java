package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A promise that tells when it is cancelled. */
class CancellablePromise<T extends @Nullable Object> extends LoopPromise<T> {
    private final Runnable onCancel;
    private final @Nullable VarMap values = Scope.currentValues();

    CancellablePromise(LoopCore loop, Runnable onCancel) {
        super(loop);
        this.onCancel = onCancel;
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        if (!super.requestCancel(request)) {
            return false;
        }
        try {
            Scope.apart(values, onCancel);
        } catch (Throwable e) {
            loop.report("Exception in what cancels the source of " + label(), e);
        }
        return true;
    }
}
