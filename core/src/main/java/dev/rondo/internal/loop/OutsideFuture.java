package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future of a loop for code outside: it ends as that one does. */
final class OutsideFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    /*
     * What it is a copy of may live long, and be asked for copies again and again. So a copy leaves
     * it when it has been completed by its user; and one whose user has waited in vain, and which
     * nothing depends on, is held only as long as its user holds it. What depends on it is seen when
     * it is registered: all ways lead through newIncompleteFuture or toCompletableFuture, except
     * those of allOf and anyOf; where these come before the wait that is in vain, they are counted.
     */
    private static final int OWN_DEPENDENTS = 1;

    private final Teller<T> teller;

    /** What comes from now on is its user's. */
    private boolean registered;

    private OutsideFuture(LoopFuture<T> source) {
        teller = new Teller<>(source, this);
    }

    static <T extends @Nullable Object> CompletableFuture<T> of(LoopFuture<T> source) {
        LoopCore loop = source.loop;
        OutsideFuture<T> copy = new OutsideFuture<>(source);
        Teller<T> teller = copy.teller;
        if (source.isDone() || !loop.tryExecute(() -> Outside.add(source, teller))) {
            copy.end(source);
        } else {
            copy.leaveWhenCompleted(source);
        }
        return copy;
    }

    /** Of one that is still pending, because its loop has closed, the copy is cancelled. */
    private void end(LoopFuture<T> source) {
        Throwable failure = source.isDone() ? source.failure() : null;
        if (!source.isDone() || source.isCancelled()) {
            cancel(false);
        } else if (failure == null) {
            complete(source.result());
        } else {
            completeExceptionally(failure);
        }
    }

    boolean isOf(LoopCore loop) {
        return teller.source.loop == loop;
    }

    private void leaveWhenCompleted(LoopFuture<T> source) {
        super.whenComplete((value, failure) -> {
            if (!source.isDone()) {
                // Whoever asked has given up.
                source.loop.tryExecute(() -> {
                    Outside.remove(source, teller);
                    if (isCancelled()) {
                        source.requestCancel(
                                CancelRequest.of(
                                        source.loop, "its CompletableFuture was cancelled"));
                    }
                });
            }
        });
        registered = true;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (InterruptedException e) {
            waitedInVain();
            throw e;
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (InterruptedException | TimeoutException e) {
            waitedInVain();
            throw e;
        }
    }

    private void waitedInVain() {
        if (getNumberOfDependents() <= OWN_DEPENDENTS) {
            teller.loosen();
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        if (registered) {
            teller.hold(this);
        }
        return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        teller.hold(this);
        return this;
    }

    @Override
    public CompletionStage<T> minimalCompletionStage() {
        teller.hold(this);
        return super.minimalCompletionStage();
    }

    private static final class Teller<T extends @Nullable Object> extends Waiter {
        private final LoopFuture<T> source;
        private @Nullable OutsideFuture<T> copy;
        private @Nullable Loose<T> loose;
        private boolean depended;

        Teller(LoopFuture<T> source, OutsideFuture<T> copy) {
            this.source = source;
            this.copy = copy;
        }

        /** The loop need not hold it any more; from any thread. */
        synchronized void loosen() {
            OutsideFuture<T> held = copy;
            if (held != null && !depended) {
                loose = new Loose<>(held, this);
                copy = null;
            }
        }

        /** Something depends on it. */
        synchronized void hold(OutsideFuture<T> own) {
            depended = true;
            copy = own;
        }

        private synchronized @Nullable OutsideFuture<T> copy() {
            return copy == null && loose != null ? loose.get() : copy;
        }

        @Override
        public void run() {
            source.loop.outside.remove(this);
            OutsideFuture<T> told = copy();
            if (told != null) {
                told.end(source);
            }
        }
    }

    private static final class Loose<T extends @Nullable Object>
            extends WhenCollected<OutsideFuture<T>> {
        private final Teller<T> teller;

        Loose(OutsideFuture<T> copy, Teller<T> teller) {
            super(copy);
            this.teller = teller;
        }

        @Override
        LoopCore loop() {
            return teller.source.loop;
        }

        @Override
        void collected() {
            Outside.remove(teller.source, teller);
        }
    }
}
