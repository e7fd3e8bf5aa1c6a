package dev.rondo;

import org.jspecify.annotations.Nullable;

/** A pause: a promise that a timer completes, and whose cancellation takes the timer back. */
final class Sleep extends LoopPromise<Void> implements Runnable {
    private final Timer timer;

    Sleep(EventLoop loop, long nanos) {
        super(loop);
        timer = loop.addTimer(loop.time() + nanos, this);
    }

    @Override
    public void run() {
        settleValue(null);
    }

    @Override
    boolean requestCancel(@Nullable String message) {
        timer.cancel();
        return super.requestCancel(message);
    }

    @Override
    String label() {
        return "sleep";
    }
}
