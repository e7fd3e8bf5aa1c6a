package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A promise of something under way outside, which the loop knows as long as it is pending. */
final class SourcePromise<T extends @Nullable Object> extends CancellablePromise<T> {
    private final String name;
    private final Waiter ended =
            new Waiter() {
                @Override
                public void run() {
                    loop.sources.remove(SourcePromise.this);
                    forgetSource();
                }
            };

    SourcePromise(LoopCore loop, String name, Runnable onCancel) {
        super(loop, onCancel);
        this.name = name;
    }

    /** Makes it known; from any thread. */
    SourcePromise<T> begin() {
        loop.nowOrSoon(() -> {
            if (!isDone()) {
                addWaiter(ended);
                loop.sources.add(this);
            }
        });
        return this;
    }

    @Override
    boolean isNamed() {
        return true;
    }

    @Override
    String label() {
        return name;
    }
}
