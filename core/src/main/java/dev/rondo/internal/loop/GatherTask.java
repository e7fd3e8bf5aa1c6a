package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Several futures as one, as asyncio's gather. The first failure is its failure, unless failures
 * are results; the others go on. Cancelled, it cancels all of them and ends when they say so.
 */
final class GatherTask<T extends @Nullable Object, R extends @Nullable Object>
        extends LoopTask<List<R>> {
    private final List<LoopFuture<T>> children;
    private final Function<? super LoopFuture<T>, ? extends R> slot;
    private final boolean failsFast;
    private int pending;
    private @Nullable CancelRequest cancelled;
    private @Nullable ChildWaiter lastWaiter;

    /**
     * @param failsFast whether the first failure ends it
     * @param slot what a child that is done puts into the list
     */
    GatherTask(
            LoopCore loop,
            List<LoopFuture<T>> children,
            boolean failsFast,
            Function<? super LoopFuture<T>, ? extends R> slot) {
        super(loop);
        this.children = children;
        this.slot = slot;
        this.failsFast = failsFast;
        pending = children.size();
        for (LoopFuture<T> child : children) {
            if (!child.isDone()) {
                lastWaiter = new ChildWaiter(this, child, lastWaiter);
                child.addWaiter(lastWaiter);
            }
        }
        for (LoopFuture<T> child : children) {
            if (child.isDone()) {
                childDone(child);
            }
        }
        if (children.isEmpty()) {
            settleValue(List.of());
        }
    }

    private void childDone(LoopFuture<?> child) {
        pending--;
        Throwable failure = child.failure();
        if (isDone()) {
            return;
        }
        if (failsFast && failure != null) {
            settleFailed(failure);
            leaveOthers();
        } else if (pending == 0) {
            if (cancelled != null) {
                settleFailed(cancelled.toException());
            } else {
                settleValue(results());
            }
        }
    }

    /** The others go on, some of them for long, perhaps; their failures are nobody else's. */
    private void leaveOthers() {
        for (ChildWaiter waiter = lastWaiter; waiter != null; waiter = waiter.before) {
            if (!waiter.child.isDone()) {
                waiter.child.removeWaiter(waiter);
                waiter.child.expectFailure();
            }
        }
        lastWaiter = null;
    }

    private List<R> results() {
        List<R> results = new ArrayList<>(children.size());
        for (LoopFuture<T> child : children) {
            results.add(slot.apply(child));
        }
        return Collections.unmodifiableList(results);
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        return new CancelWalk(loop, request).ask(this);
    }

    @Override
    CancelStep cancelStep(@Nullable CancelStep before, boolean asks, CancelRequest request) {
        return new GatherCancelStep(before, asks, this, request);
    }

    List<? extends LoopFuture<?>> children() {
        return children;
    }

    /** The children have been asked: it ends by this when they have ended. */
    void endCancelled(CancelRequest request) {
        cancelled = request;
    }

    @Override
    public String name() {
        return "gather of " + children.size();
    }

    private static final class ChildWaiter extends Waiter {
        private final GatherTask<?, ?> gather;
        private final LoopFuture<?> child;
        private final @Nullable ChildWaiter before;

        ChildWaiter(GatherTask<?, ?> gather, LoopFuture<?> child, @Nullable ChildWaiter before) {
            this.gather = gather;
            this.child = child;
            this.before = before;
        }

        @Override
        public void run() {
            try {
                gather.childDone(child);
            } catch (OutOfMemoryError e) {
                gather.settleWithoutMemory();
            }
        }

        @Override
        @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
            return child == awaited ? gather : null;
        }
    }
}
