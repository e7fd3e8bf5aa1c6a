package dev.rondo;

import dev.rondo.internal.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What every kind of task has in common: a name, requests to cancel, and a way to block for it. */
abstract class LoopTask<T extends @Nullable Object> extends LoopFuture<T> implements Task<T> {
    private volatile int cancelling;

    LoopTask(EventLoop loop) {
        super(loop);
    }

    /** Counts the request and carries it out. Only while pending. */
    abstract boolean cancelNow(CancelRequest request);

    /** A request was taken back. */
    void cancelWithdrawn() {}

    @Override
    public final boolean cancel() {
        return cancel(null);
    }

    @Override
    public final boolean cancel(@Nullable String message) {
        return !isDone() && ask(CancelRequest.of(loop, message));
    }

    @Override
    public final boolean cancelTree(@Nullable String message) {
        return !isDone() && ask(CancelRequest.ofTree(loop, message));
    }

    private boolean ask(CancelRequest request) {
        // It meets many on its way, and shall meet all of them or none.
        StackRoom.ensure();
        return loop.inLoop()
                ? requestCancel(request)
                : loop.tryExecute(() -> requestCancel(request));
    }

    @Override
    final boolean requestCancel(CancelRequest request) {
        return !isDone() && cancelNow(request);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    final void countCancel() {
        cancelling++;
    }

    @Override
    public final boolean cancelReaches(Awaitable<?> other) {
        return other instanceof LoopFuture<?> future && CancelPath.leads(this, future);
    }

    @Override
    public final int cancelling() {
        return cancelling;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    public final int uncancel() {
        if (!loop.inLoop()) {
            throw new IllegalStateException(
                    "uncancel() is for the loop's own thread; call it in a coroutine of "
                            + loop.name());
        }
        if (cancelling > 0) {
            cancelling--;
            cancelWithdrawn();
        }
        return cancelling;
    }

    @Override
    public final Handle onDone(Consumer<Task<T>> callback) {
        return onDone(ContextScope.copy(), callback);
    }

    @Override
    public final Handle onDone(ContextScope scope, Consumer<Task<T>> callback) {
        return addCallback(scope, this, callback);
    }

    @Override
    String label() {
        return "Task '" + name() + "'";
    }

    @Override
    public final T join() {
        if (EventLoop.current() != null) {
            throw new IllegalStateException(
                    "join() blocks and would stall the loop it is called on; use await()");
        }
        if (!isDone()) {
            BlockingCalls.check("join()", "await the task in a coroutine, or use onDone()");
            try {
                awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(
                        "interrupted while waiting for " + label() + ", which goes on", e);
            }
            if (!isDone()) {
                throw new CancellationException(
                        label() + " was still pending when its loop closed");
            }
        }
        return result();
    }

    private void awaitEnd() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Waiter release =
                new Waiter() {
                    @Override
                    public void run() {
                        loop.outside.remove(this);
                        done.countDown();
                    }
                };
        if (!loop.tryExecute(() -> addOutsideWaiter(release))) {
            loop.awaitClosed();
        } else if (!isDone()) {
            try {
                // Had a run ended before the loop could see the request, the task would be done.
                done.await();
            } catch (InterruptedException e) {
                loop.tryExecute(() -> removeOutsideWaiter(release));
                throw e;
            }
        }
    }
}
