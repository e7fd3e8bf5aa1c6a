package dev.rondo.issues;

import static dev.rondo.Async.*;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.concurrent.*;

/** A promise whose future had timed out was kept for the life of the loop. */
class FutureThatGaveUpTest {

    @Test
    void itIsCollected() {
        Async.run(() -> {
            var gone = new java.lang.ref.WeakReference<>(timedOut());
            while (gone.get() != null) {
                System.gc();
                yieldNow();
            }
        });
    }

    private static Promise<Object> timedOut() {
        Promise<Object> promise = currentLoop().newPromise();
        promise.toCompletableFuture().completeExceptionally(new TimeoutException());
        return promise;
    }
}
