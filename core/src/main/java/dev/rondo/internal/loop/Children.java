package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tasks of a group that have not ended, in the order they were made. */
final class Children {
    private final SuspendingTask<?> parent;
    private final Set<LoopTask<?>> pending = new LinkedHashSet<>();
    private @Nullable LoopPromise<@Nullable Object> allEnded;

    Children(SuspendingTask<?> parent) {
        this.parent = parent;
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    List<LoopTask<?>> toList() {
        return List.copyOf(pending);
    }

    /** Adds a task that has not begun; wholly or, failing, not at all. */
    void add(CoroutineTask<?> child, Runnable whenEnded) {
        Waiter ended =
                new Waiter() {
                    @Override
                    public void run() {
                        remove(child);
                        whenEnded.run();
                    }

                    @Override
                    @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
                        return awaited == child ? parent : null;
                    }
                };
        try {
            pending.add(child);
        } catch (OutOfMemoryError e) {
            pending.remove(child);
            throw e;
        }
        child.addWaiter(ended);
    }

    private void remove(LoopTask<?> child) {
        pending.remove(child);
        if (pending.isEmpty() && allEnded != null) {
            allEnded.settleValue(null);
        }
    }

    /** Suspends the parent until all have ended. */
    void awaitAll() {
        LoopPromise<@Nullable Object> ended = new LoopPromise<>(parent.loop);
        allEnded = ended;
        try {
            ended.await();
        } finally {
            allEnded = null;
        }
    }
}
