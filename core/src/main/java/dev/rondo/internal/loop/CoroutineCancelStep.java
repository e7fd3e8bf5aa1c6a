package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A coroutine's: it waits for the children of its groups, and for what it awaits now. */
final class CoroutineCancelStep extends CancelStep {
    private final SuspendingTask<?> task;
    private final Cancellation cancellation;
    private final CancelRequest request;

    /** Whether the task's code gets the request. */
    private final boolean arrives;

    private final List<LoopFuture<?>> children = new ArrayList<>(0);
    private int childrenToAsk;
    private final @Nullable LoopFuture<?> awaited;
    private int visited;
    private boolean circle;

    CoroutineCancelStep(
            @Nullable CancelStep before,
            boolean asks,
            SuspendingTask<?> task,
            CancelRequest request) {
        super(before, asks);
        this.task = task;
        this.request = request;
        cancellation = task.cancellation();
        arrives = asks && cancellation.receive(request);
        for (EnclosedGroup group : Enclosure.groups(cancellation.enclosure)) {
            if (arrives && request.tree() && group.beginAbort()) {
                children.addAll(childrenToAsk, group.children());
                childrenToAsk += group.children().size();
            } else if (!arrives || group.isAborting()) {
                children.addAll(group.children());
            }
        }
        awaited = task.awaited();
        if (arrives && awaited == null) {
            cancellation.keep(request);
        }
    }

    @Override
    @Nullable LoopFuture<?> next() {
        int next = visited++;
        return next < children.size()
                ? children.get(next)
                : next == children.size() ? awaited : null;
    }

    private boolean atAwaited() {
        return visited > children.size();
    }

    @Override
    boolean asksNext() {
        return atAwaited() ? arrives : visited <= childrenToAsk;
    }

    @Override
    void take(Answer answer) {
        if (answer == Answer.CIRCLE) {
            if (!atAwaited() || (asks ? !arrives : task.isShielded())) {
                circle = true;
                return;
            }
            if (!asks) {
                cancellation.receive(request);
            }
            task.leaveAwaited();
            cancellation.keep(request);
        } else if (answer == Answer.REFUSED && atAwaited() && arrives) {
            cancellation.keep(request);
        }
    }

    @Override
    Answer end() {
        return circle ? Answer.CIRCLE : Answer.ACCEPTED;
    }
}
