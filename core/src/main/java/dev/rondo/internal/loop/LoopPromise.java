package dev.rondo.internal.loop;

import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.BooleanSupplier;

/** The promise of a loop. */
public non-sealed class LoopPromise<T extends @Nullable Object> extends LoopFuture<T>
        implements Promise<T> {
    LoopPromise(LoopCore loop) {
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
    boolean requestCancel(CancelRequest request) {
        return settleCancelled(request);
    }

    @Override
    public final int cancelling() {
        return isCancelled() ? 1 : 0;
    }

    /** It ends with the first request: there is none to take back. */
    @Override
    final int takeCancelBack() {
        return cancelling();
    }

    @Override
    public final String name() {
        return label();
    }

    /** A promise that is gone tells nothing by a number. */
    @Override
    boolean isNamed() {
        return false;
    }

    @Override
    String label() {
        return "Promise@" + Integer.toHexString(System.identityHashCode(this));
    }
}
