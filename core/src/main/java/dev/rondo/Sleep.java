package dev.rondo;

/** A pause: a promise that a timer completes, and whose cancellation takes the timer back. */
final class Sleep extends LoopPromise<Void> implements Runnable {
    private final Timer timer;

    Sleep(EventLoop loop, long nanos) {
        super(loop);
        timer = loop.addTimer(loop.timeIn(nanos), null, this);
    }

    @Override
    public void run() {
        settleValue(null);
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        timer.cancel();
        return super.requestCancel(request);
    }

    @Override
    String label() {
        return "sleep";
    }
}
