package dev.rondo;

import java.util.concurrent.CountDownLatch;

/** Waits as code does that knows nothing of Rondo. */
final class Latches {
    private Latches() {}

    static void awaitPlainly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
