package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;
import java.util.Objects;

/**
 * A request to cancel on its way, from whoever is asked down to all that is waited for there. It
 * reaches each task once. On the loop.
 */
final class CancelWalk {
    /*
     * A loop and no recursion: what users chain may be longer than the stack. The steps from the first
     * task to the last are the path.
     *
     * Tasks that wait for each other in a circle never end by themselves. Where the path meets itself,
     * the last task on it whose code can have the request leaves what it awaits. A shield, and a group
     * that has asked its children and waits for them, keep the request from the task's code: below
     * those nobody is asked, and the walk only looks for circles.
     *
     * What a request calls (an action, a promise's source, a stage) may make another request. That is
     * walked at once, as far as the stack is safe, and from there on when this walk has ended.
     */
    private static final int MOST_NESTED = 16;

    private final CancelNest nest;
    private final CancelRequest request;
    private final CancelRequest outside;
    private final @Nullable SuspendingTask<?> origin;
    private final IdentityHashMap<LoopFuture<?>, CancelStep> steps = new IdentityHashMap<>(4);
    private @Nullable CancelStep last;

    CancelWalk(LoopCore loop, CancelRequest request) {
        this(loop, request, null);
    }

    /**
     * @param origin the task in whose code the request begins: the path does not come back to it
     */
    CancelWalk(LoopCore loop, CancelRequest request, @Nullable SuspendingTask<?> origin) {
        nest = loop.cancels;
        this.request = request;
        outside = request.outside();
        this.origin = origin;
    }

    /** Asks the task; false if it was too late. */
    boolean ask(LoopFuture<?> task) {
        if (nest.depth == MOST_NESTED) {
            nest.putOff.add(() -> ask(task));
            return true;
        }
        return from(task, request) != CancelStep.Answer.REFUSED;
    }

    /** Hands a request that its origin has got on to what that awaits; false if it is in vain. */
    boolean handOn(SuspendingTask<?> origin, LoopFuture<?> awaited) {
        CancelStep.Answer answer = from(awaited, outside);
        if (answer == CancelStep.Answer.CIRCLE) {
            origin.leaveAwaited();
        }
        return answer == CancelStep.Answer.ACCEPTED;
    }

    private CancelStep.Answer from(LoopFuture<?> first, CancelRequest request) {
        nest.depth++;
        try {
            CancelStep.Answer answer = visit(first, request, true);
            return answer != null ? answer : walk();
        } finally {
            if (nest.depth == 1) {
                for (Runnable next = nest.putOff.poll(); next != null; next = nest.putOff.poll()) {
                    next.run();
                }
            }
            nest.depth--;
        }
    }

    /** Goes on from the last step until the path is empty; the first step's answer. */
    private CancelStep.Answer walk() {
        while (true) {
            CancelStep step = Objects.requireNonNull(last);
            LoopFuture<?> next = step.next();
            CancelStep.Answer answer;
            if (next != null) {
                answer = visit(next, outside, step.asksNext());
            } else {
                answer = step.end();
                step.onPath = false;
                last = step.before;
            }
            if (last == null) {
                return Objects.requireNonNull(answer);
            }
            if (answer != null) {
                last.take(answer);
            }
        }
    }

    /** The answer, or null if it is known only after one more step. */
    private CancelStep.@Nullable Answer visit(
            LoopFuture<?> future, CancelRequest request, boolean asks) {
        if (future.isDone()) {
            return CancelStep.Answer.REFUSED;
        }
        if (future == origin) {
            return CancelStep.Answer.CIRCLE;
        }
        CancelStep known = steps.get(future);
        if (known != null && known.onPath) {
            return CancelStep.Answer.CIRCLE;
        }
        if (known != null && (known.asks || !asks)) {
            return CancelStep.Answer.ACCEPTED;
        }
        CancelStep step = future.cancelStep(last, asks, request);
        if (step == null) {
            return !asks || future.requestCancel(request)
                    ? CancelStep.Answer.ACCEPTED
                    : CancelStep.Answer.REFUSED;
        }
        steps.put(future, step);
        last = step;
        return null;
    }
}
