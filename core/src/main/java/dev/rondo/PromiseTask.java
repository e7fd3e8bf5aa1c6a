package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * A promise as a task. As long as it is pending the loop knows it, for at the end of a run it is
 * cancelled like any other; when it is done it keeps nothing of where its result came from.
 */
final class PromiseTask<T extends @Nullable Object> extends LoopTask<T> {
    private final String name;
    private @Nullable LoopPromise<T> promise;

    /** The task of the promise, if it has one already: asking again and again leaves nothing. */
    @SuppressWarnings("unchecked") // the task of a promise of T
    static <T extends @Nullable Object> Task<T> of(LoopPromise<T> promise) {
        EventLoop loop = promise.loop;
        boolean pending = loop.inLoop() && !promise.isDone();
        Task<?> known = pending ? loop.promiseTasks.get(promise) : null;
        return known != null ? (Task<T>) known : new PromiseTask<>(promise);
    }

    private PromiseTask(LoopPromise<T> promise) {
        super(promise.loop);
        this.promise = promise;
        name = promise.label();
        Waiter ended =
                new Waiter() {
                    @Override
                    public void run() {
                        end();
                    }

                    @Override
                    @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
                        return awaited == promise ? PromiseTask.this : null;
                    }
                };
        loop.nowOrSoon(() -> {
            if (promise.isDone()) {
                end();
            } else {
                loop.promiseTasks.putIfAbsent(promise, this);
                promise.addWaiter(ended);
            }
        });
    }

    private void end() {
        LoopPromise<T> ended = Objects.requireNonNull(promise);
        promise = null;
        loop.promiseTasks.remove(ended);
        settleAs(ended);
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        countCancel();
        return promise != null && promise.requestCancel(request);
    }

    @Override
    public String name() {
        return name;
    }
}
