package dev.rondo;

import org.jspecify.annotations.Nullable;

/** A promise that tells when it is cancelled. */
final class CancellablePromise<T extends @Nullable Object> extends LoopPromise<T> {
    private final Runnable onCancel;

    CancellablePromise(EventLoop loop, Runnable onCancel) {
        super(loop);
        this.onCancel = onCancel;
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        if (!super.requestCancel(request)) {
            return false;
        }
        try {
            onCancel.run();
        } catch (Throwable e) {
            loop.report("Exception in what cancels the source of " + label(), e, null);
        }
        return true;
    }
}
