package dev.rondo;

import org.jspecify.annotations.Nullable;

/** A promise as a task. */
final class PromiseTask<T extends @Nullable Object> extends LoopTask<T> {
    private final LoopPromise<T> promise;

    PromiseTask(LoopPromise<T> promise) {
        super(promise.loop);
        this.promise = promise;
        Waiter ended =
                new Waiter() {
                    @Override
                    public void run() {
                        settleAs(promise);
                    }
                };
        loop.execute(() -> {
            if (promise.isDone()) {
                settleAs(promise);
            } else {
                promise.addWaiter(ended);
            }
        });
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        return promise.requestCancel(request);
    }

    @Override
    public String name() {
        return promise.label();
    }
}
