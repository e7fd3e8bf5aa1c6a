package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Timer;

/** A pause: a promise that a timer completes, and whose cancellation takes the timer back. */
final class Sleep extends LoopPromise<Void> implements Runnable {
    private final Timer timer;

    Sleep(LoopCore loop, long nanos) {
        super(loop);
        timer = new Timer(loop.time.in(nanos), this);
        loop.timers.add(timer);
    }

    @Override
    public void run() {
        settleValue(null);
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        loop.timers.remove(timer);
        return super.requestCancel(request);
    }

    @Override
    String label() {
        return "sleep";
    }
}
