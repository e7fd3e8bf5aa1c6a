package dev.rondo.internal.loop;

import dev.rondo.TaskGroup;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/** A task of a group that will say when it is ready, and who waits for that. */
final class Starting<R extends @Nullable Object> implements TaskGroup.Ready<R> {
    private final LoopPromise<R> ready;

    Starting(LoopCore loop) {
        ready = new LoopPromise<>(loop);
    }

    @Override
    public void ready(R value) {
        // Whoever waits may have been cancelled meanwhile.
        if (!ready.isCancelled()) {
            ready.complete(value);
        }
    }

    boolean isReady() {
        return ready.isDone();
    }

    /** What the task is ready with; if it ends before, that is its failure. */
    R await(CoroutineTask<Void> task) {
        task.addWaiter(
                new Waiter() {
                    @Override
                    public void run() {
                        ended(task);
                    }
                });
        try {
            return ready.await();
        } catch (CancellationException e) {
            if (task.cancelling() == 0) {
                task.requestCancel(CancelRequest.of(task.loop, e.getMessage()));
            }
            throw e;
        }
    }

    private void ended(CoroutineTask<Void> task) {
        if (!ready.isDone()) {
            Throwable failure = task.failure();
            ready.settleFailed(
                    failure != null
                            ? failure
                            : new IllegalStateException(
                                    task.label() + " returned without saying that it is ready"));
        }
    }
}
