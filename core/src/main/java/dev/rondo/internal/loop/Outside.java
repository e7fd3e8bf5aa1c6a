package dev.rondo.internal.loop;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** Those who wait for a future outside its loop, and hear of its end, or of the loop's before. */
final class Outside {
    private Outside() {}

    /** Whoever waits is told, at the latest, when the loop closes; on the loop. */
    static void add(LoopFuture<?> future, Waiter waiter) {
        // First what cannot fail: whoever waits outside hears of the end at least.
        future.addWaiter(waiter);
        future.loop.outside.add(waiter);
    }

    /** On the loop. */
    static void remove(LoopFuture<?> future, Waiter waiter) {
        future.removeWaiter(waiter);
        future.loop.outside.remove(waiter);
    }

    /** Blocks the calling thread until the future has ended. */
    static void join(LoopFuture<?> future) {
        if (LoopCore.currentOrNull() != null) {
            throw new IllegalStateException(
                    "join() blocks and would stall the loop it is called on; use await()");
        }
        if (future.isDone()) {
            return;
        }
        BlockingCalls.check("join()", "await the task in a coroutine, or use onDone()");
        try {
            awaitEnd(future);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(
                    "interrupted while waiting for " + future.label() + ", which goes on", e);
        }
        if (!future.isDone()) {
            throw new CancellationException(
                    future.label() + " was still pending when its loop closed");
        }
    }

    private static void awaitEnd(LoopFuture<?> future) throws InterruptedException {
        LoopCore loop = future.loop;
        CountDownLatch done = new CountDownLatch(1);
        Waiter release =
                new Waiter() {
                    @Override
                    public void run() {
                        loop.outside.remove(this);
                        done.countDown();
                    }
                };
        if (!loop.tryExecute(() -> add(future, release))) {
            loop.life.awaitClosed();
        } else if (!future.isDone()) {
            try {
                // Had a run ended before the loop could see the request, the task would be done.
                done.await();
            } catch (InterruptedException e) {
                loop.tryExecute(() -> remove(future, release));
                throw e;
            }
        }
    }
}
