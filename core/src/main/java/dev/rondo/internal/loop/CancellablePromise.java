package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A promise that tells when it is cancelled. */
class CancellablePromise<T extends @Nullable Object> extends LoopPromise<T> {
    private @Nullable Runnable onCancel;
    private @Nullable VarMap values = Scope.currentValues();

    CancellablePromise(LoopCore loop, Runnable onCancel) {
        super(loop);
        this.onCancel = onCancel;
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        Runnable action = onCancel;
        if (!super.requestCancel(request)) {
            return false;
        }
        try {
            if (action != null) {
                Scope.apart(values, action);
            }
        } catch (Throwable e) {
            loop.report("Exception in what cancels the source of " + label(), e);
        }
        return true;
    }

    /** It has ended, and keeps nothing of where its result came from. */
    final void forgetSource() {
        onCancel = null;
        values = null;
    }
}
