package dev.rondo.issues;

import static dev.rondo.Async.*;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A failure that was collected was not reported while the loop had nothing to do. */
class UnseenFailureOnAnIdleLoopTest {

    @Test
    void itIsReportedAllTheSame() {
        CountDownLatch reported = new CountDownLatch(1);
        try (EventLoop loop = EventLoop.start("idle")) {
            loop.onError(failure -> reported.countDown());
            loop.submit(() -> {
                throw new RuntimeException("boom");
            });
            while (reported.getCount() > 0) {
                System.gc();
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
