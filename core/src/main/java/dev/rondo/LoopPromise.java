package dev.rondo;

import dev.rondo.internal.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The promise of a loop. */
class LoopPromise<T extends @Nullable Object> extends LoopFuture<T> implements Promise<T> {
    LoopPromise(EventLoop loop) {
        super(loop);
    }

    @Override
    public final void complete(T value) {
        end(() -> settleValue(value));
    }

    @Override
    public final void fail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        end(() -> settleFailed(failure));
    }

    @Override
    public final boolean tryComplete(T value) {
        return loop.inLoop()
                ? settleValue(value)
                : !isDone() && loop.post(() -> settleValue(value));
    }

    @Override
    public final boolean tryFail(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return loop.inLoop()
                ? settleFailed(failure)
                : !isDone() && loop.post(() -> settleFailed(failure));
    }

    private void end(BooleanSupplier settle) {
        if (isDone()) {
            throw endedAlready();
        }
        loop.nowOrSoon(() -> {
            if (!settle.getAsBoolean()) {
                throw endedAlready();
            }
        });
    }

    private IllegalStateException endedAlready() {
        return new IllegalStateException(
                this + " has ended already and ends only once; ask isDone() first");
    }

    @Override
    public final boolean cancel() {
        StackRoom.ensure();
        if (loop.inLoop()) {
            return !isDone() && requestCancel(CancelRequest.of(loop, null));
        }
        CancelRequest request = CancelRequest.of(loop, null);
        return !isDone() && loop.tryExecute(() -> requestCancel(request));
    }

    @Override
    boolean requestCancel(CancelRequest request) {
        return settleCancelled(request);
    }

    @Override
    public final Handle onDone(Consumer<Promise<T>> callback) {
        return addCallback(ContextScope.copy(), this, callback);
    }

    @Override
    public final Task<T> asTask() {
        return PromiseTask.of(this);
    }

    @Override
    String label() {
        return "Promise@" + Integer.toHexString(System.identityHashCode(this));
    }
}
