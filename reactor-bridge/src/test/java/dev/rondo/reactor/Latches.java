package dev.rondo.reactor;

import java.util.concurrent.CountDownLatch;

/** Waits on a plain thread, for others. */
final class Latches {
    private Latches() {}

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
