package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** Another future's end, without its cancellation: a request to cancel ends here. */
final class ShieldTask<T extends @Nullable Object> extends LoopTask<T> {
    private final LoopFuture<T> inner;
    private final Waiter innerDone;

    ShieldTask(LoopFuture<T> inner) {
        super(inner.loop);
        this.inner = inner;
        innerDone =
                new Waiter() {
                    @Override
                    public void run() {
                        settleAs(inner);
                    }
                };
        if (inner.isDone()) {
            settleAs(inner);
        } else {
            inner.addWaiter(innerDone);
        }
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        countCancel();
        // A failure that comes later is nobody's; it is reported as such.
        leave();
        return settleCancelled(request);
    }

    /** Nobody asks for it any more. */
    void leave() {
        inner.removeWaiter(innerDone);
    }

    @Override
    public String name() {
        LoopFuture<?> shielded = inner;
        while (shielded instanceof ShieldTask<?> another) {
            shielded = another.inner;
        }
        return "shield of " + shielded.label();
    }
}
