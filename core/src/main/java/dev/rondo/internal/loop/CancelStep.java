package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A task on the path of a {@link CancelWalk}, and how far the walk is with what it waits for. */
abstract class CancelStep {
    /** What becomes of a request, for whoever waits there. */
    enum Answer {
        /** It is too late: this has ended, or will without it. */
        REFUSED,
        /** This will end by it; or is not to be asked, and in no circle. */
        ACCEPTED,
        /** This waits for a task on the path, and cannot leave that. */
        CIRCLE
    }

    final @Nullable CancelStep before;

    /** Whether the task is asked; else the walk looks for circles only. */
    final boolean asks;

    boolean onPath = true;

    private CancelStep(@Nullable CancelStep before, boolean asks) {
        this.before = before;
        this.asks = asks;
    }

    /** What the task waits for and the walk has not visited; null: nothing more. */
    abstract @Nullable LoopFuture<?> next();

    /** Whether what was next is to be asked. */
    abstract boolean asksNext();

    /** The answer of what was next. */
    abstract void take(Answer answer);

    /** The task's own answer, after the last one. */
    abstract Answer end();

    /** A coroutine's: it waits for the children of its groups, and for what it awaits now. */
    static final class OfCoroutine extends CancelStep {
        private final CoroutineTask<?> task;
        private final Cancellation cancellation;
        private final CancelRequest request;

        /** Whether the task's code gets the request. */
        private final boolean arrives;

        private final List<LoopFuture<?>> children = new ArrayList<>(0);
        private int childrenToAsk;
        private final @Nullable LoopFuture<?> awaited;
        private int visited;
        private boolean circle;

        OfCoroutine(
                @Nullable CancelStep before,
                boolean asks,
                CoroutineTask<?> task,
                CancelRequest request) {
            super(before, asks);
            this.task = task;
            this.request = request;
            cancellation = task.cancellation();
            arrives = asks && cancellation.receive(request);
            for (LoopTaskGroup group : Enclosure.groups(cancellation.enclosure)) {
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

    /** A gather's: it waits for all it was given. */
    static final class OfGather extends CancelStep {
        private final GatherTask<?, ?> gather;
        private final CancelRequest request;
        private int visited;
        private boolean accepted;
        private boolean circle;

        OfGather(
                @Nullable CancelStep before,
                boolean asks,
                GatherTask<?, ?> gather,
                CancelRequest request) {
            super(before, asks);
            this.gather = gather;
            this.request = request;
            if (asks) {
                gather.countCancel();
            }
        }

        @Override
        @Nullable LoopFuture<?> next() {
            return visited < gather.children().size() ? gather.children().get(visited++) : null;
        }

        @Override
        boolean asksNext() {
            return asks;
        }

        @Override
        void take(Answer answer) {
            accepted |= answer == Answer.ACCEPTED;
            circle |= answer == Answer.CIRCLE;
        }

        @Override
        Answer end() {
            if (asks && (accepted || circle)) {
                gather.endCancelled(request);
            }
            return circle ? Answer.CIRCLE : accepted || !asks ? Answer.ACCEPTED : Answer.REFUSED;
        }
    }
}
