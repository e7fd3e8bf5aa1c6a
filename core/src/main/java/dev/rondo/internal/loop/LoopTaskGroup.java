package dev.rondo.internal.loop;

import dev.rondo.Action;
import dev.rondo.AsyncConsumer;
import dev.rondo.AsyncFunction;
import dev.rondo.Coroutine;
import dev.rondo.Task;
import dev.rondo.TaskGroup;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * asyncio 3.13's TaskGroup: the current task, its parent, runs the body and waits for the children.
 */
public final class LoopTaskGroup implements TaskGroup, EnclosedGroup {
    /*
     * A failing child, or cancel(), interrupts the body by a request to the parent, which is taken back
     * at the end: a cancellation that is left after that came from outside and goes on. While it waits
     * for the children the parent may be cancelled any number of times; it waits on.
     */
    private final SuspendingTask<?> parent;
    private final Cancellation cancellation;
    private final int depth;
    private final int deliveredBefore;
    private final Children children;

    /** Null if nothing has failed. */
    private @Nullable ScopeFailures failures;

    private boolean closing;
    private boolean aborting;

    /** What it has asked the parent for, if it has. */
    private @Nullable CancelRequest own;

    /** Whether the failures of its tasks are theirs alone. */
    private final boolean supervisor;

    private LoopTaskGroup(SuspendingTask<?> parent, boolean supervisor) {
        this.parent = parent;
        this.supervisor = supervisor;
        children = new Children(parent);
        cancellation = parent.cancellation();
        depth = cancellation.depth();
        deliveredBefore = cancellation.delivered();
    }

    /** Runs the body in the current task, and waits for the children. */
    static <T extends @Nullable Object> T run(
            SuspendingTask<?> parent, AsyncFunction<TaskGroup, ? extends T> body) {
        return run(parent, body, false);
    }

    /** As {@link #run}; the failures of children are theirs alone. */
    static <T extends @Nullable Object> T supervise(
            SuspendingTask<?> parent, AsyncFunction<TaskGroup, ? extends T> body) {
        return run(parent, body, true);
    }

    @SuppressWarnings("NullAway") // a body that cancel() interrupts has no result
    private static <T extends @Nullable Object> T run(
            SuspendingTask<?> parent,
            AsyncFunction<TaskGroup, ? extends T> body,
            boolean supervisor) {
        // Whatever becomes of the body, its end waits for the children.
        StackRoom.ensureMuch();
        LoopTaskGroup group = new LoopTaskGroup(parent, supervisor);
        Coroutine<T> code = () -> body.apply(group);
        T result = null;
        Throwable bodyFailure = null;
        Cancellation cancellation = group.cancellation;
        Enclosure outer = cancellation.enclosure;
        cancellation.enclosure = new Enclosure.Group(outer, group);
        try {
            try {
                result = code.await();
            } catch (Throwable e) {
                bodyFailure = e;
            }
            group.close(bodyFailure);
        } finally {
            cancellation.enclosure = outer;
        }
        return result;
    }

    private void close(@Nullable Throwable bodyFailure) {
        closing = true;
        CancellationException cancelled = null;
        if (bodyFailure instanceof CancellationException cancellation) {
            cancelled = cancellation;
        }
        if (bodyFailure != null) {
            abort();
        }
        while (!children.isEmpty()) {
            try {
                children.awaitAll();
            } catch (StackOverflowError | OutOfMemoryError e) {
                // It cannot suspend here, so it cannot wait; it leaves nothing that goes on.
                abort();
                throw e;
            } catch (CancellationException e) {
                if (!aborting) {
                    cancelled = e;
                    abort();
                } else if (cancelled == null
                        && cancellation.activeSince(deliveredBefore) > (own == null ? 0 : 1)) {
                    cancelled = e;
                }
            }
        }
        int others =
                own == null
                        ? cancellation.activeSince(deliveredBefore)
                        : cancellation.withdraw(own, deliveredBefore);
        if (bodyFailure != null && !(bodyFailure instanceof CancellationException)) {
            addFailure(bodyFailure, parent);
        }
        ScopeFailures failed = failures;
        if (failed != null) {
            // If somebody else has asked too, the next suspension tells the parent.
            cancellation.deliverAgain(others);
            throw failed.toThrow();
        }
        if (cancelled != null && (own == null || others > 0)) {
            if (own != null) {
                cancellation.deliverInstead(deliveredBefore);
            }
            throw cancelled;
        }
    }

    private void addFailure(Throwable failure, SuspendingTask<?> task) {
        ScopeFailures all = failures;
        if (all == null) {
            all = new ScopeFailures(parent, "a task group");
            failures = all;
        }
        all.add(failure, task);
    }

    private void abort() {
        abort(CancelRequest.of(parent.loop, "its task group is ending"));
    }

    @Override
    public void abort(CancelRequest request) {
        if (beginAbort()) {
            CancelWalk walk = new CancelWalk(parent.loop, request, parent);
            children.toList().forEach(walk::ask);
        }
    }

    @Override
    public boolean beginAbort() {
        boolean first = !aborting;
        aborting = true;
        return first;
    }

    @Override
    public boolean isAborting() {
        return aborting;
    }

    @Override
    public List<LoopTask<?>> children() {
        return children.toList();
    }

    private void abortWithParent() {
        if (!aborting) {
            abort();
            own = CancelRequest.of(parent.loop, "its task group is ending", depth);
            parent.requestCancel(own);
        }
    }

    @Override
    public void cancel() {
        checkThread();
        if (!closing || !children.isEmpty()) {
            abortWithParent();
        }
    }

    private void childDone(SuspendingTask<?> child, boolean failsGroup) {
        if (failsGroup && !supervisor && child.hasFailed()) {
            addFailure(Objects.requireNonNull(child.failure()), child);
            abortWithParent();
        }
    }

    /**
     * @param failsGroup asked when the child has failed: whether that is the group's failure
     */
    private <T extends @Nullable Object> CoroutineTask<T> add(
            @Nullable String name, Coroutine<? extends T> body, BooleanSupplier failsGroup) {
        checkThread();
        if (closing && children.isEmpty()) {
            throw new IllegalStateException("The task group has ended; it takes no more tasks");
        }
        if (aborting) {
            throw new IllegalStateException(
                    "The task group is shutting down after a failure or a cancel; it takes no"
                            + " more tasks");
        }
        StackRoom.ensure();
        CoroutineTask<T> child =
                CoroutineTask.carrying(parent.loop, name, Scope.copyOrNull(), body);
        children.add(child, () -> childDone(child, failsGroup.getAsBoolean()));
        return child.beginSomewhere();
    }

    private void checkThread() {
        if (!parent.loop.inLoop()) {
            throw new IllegalStateException(
                    "A task group belongs to its loop's thread; submit() or callSoon() to "
                            + parent.loop);
        }
    }

    @Override
    public <T extends @Nullable Object> Task<T> createTask(Coroutine<T> body) {
        return add(null, Objects.requireNonNull(body, "body"), () -> true);
    }

    @Override
    public Task<Void> createTask(Action body) {
        return add(null, Coroutine.of(body), () -> true);
    }

    @Override
    public <T extends @Nullable Object> Task<T> createTask(String name, Coroutine<T> body) {
        Objects.requireNonNull(name, "name");
        return add(name, Objects.requireNonNull(body, "body"), () -> true);
    }

    @Override
    public Task<Void> createTask(String name, Action body) {
        Objects.requireNonNull(name, "name");
        return add(name, Coroutine.of(body), () -> true);
    }

    @Override
    public <R extends @Nullable Object> R start(AsyncConsumer<Ready<R>> body) {
        Objects.requireNonNull(body, "body");
        Current.orThrow("start a task of a group");
        Starting<R> starting = new Starting<>(parent.loop);
        // A failure before the task is ready is start's; one afterwards, the group's.
        CoroutineTask<Void> child =
                add(null, Coroutine.of(() -> body.accept(starting)), starting::isReady);
        return starting.await(child);
    }
}
