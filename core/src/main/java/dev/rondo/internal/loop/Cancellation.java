package dev.rondo.internal.loop;

import dev.rondo.Coroutine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The requests to cancel that a coroutine's task has got, and what they meet on their way to its
 * code. On the loop.
 */
final class Cancellation {
    /*
     * Cancellation is asyncio's: a request goes to what the task waits for, and comes back to the task
     * as that one's end. Only if there is nothing to cancel (the task has not begun, is running, or what
     * it waited for has ended and the wakeup is queued) is it kept in `undelivered`, until the task is
     * resumed or suspends on something that can be cancelled. CancelWalk tells which way it goes.
     *
     * A request counts in cancelling() until it is taken back. Until then it is held by a shield, or
     * undelivered, or has been delivered: to the code here, or to what it awaited. Scopes (timeouts,
     * groups) know by that whose requests they see: what was delivered before a scope began is not its
     * business; all else is, for its code may get it. At its end a scope takes its own request back; if
     * any are left, they are others', and go on.
     */
    private final SuspendingTask<?> task;

    /** Requests that wait for the task to suspend or to be resumed; null if there are none. */
    private @Nullable List<CancelRequest> undelivered;

    /** A request that the coroutine throws as soon as it is resumed. */
    private @Nullable CancelRequest toThrow;

    /** Requests that wait for a shield to end; null if there are none. */
    private @Nullable List<CancelRequest> held;

    /** What a request meets on its way to the code that runs now. */
    @Nullable Enclosure enclosure;

    Cancellation(SuspendingTask<?> task) {
        this.task = task;
    }

    // From the request to the code.

    /** Counts a request and tells those around the code of it; false if a shield holds it. */
    boolean receive(CancelRequest request) {
        task.countCancel();
        if (request.depth() < Enclosure.shieldDepth(enclosure)) {
            held = with(held, request);
            return false;
        }
        Enclosure.tell(task.loop, enclosure, request);
        return true;
    }

    /** A request that is to be delivered when the task is resumed or suspends. */
    void keep(CancelRequest request) {
        undelivered = with(undelivered, request);
    }

    /** The task suspends: an undelivered request goes on to what it waits for, if it can. */
    void handOn(LoopFuture<?> awaited) {
        List<CancelRequest> requests = undelivered;
        if (requests != null
                && new CancelWalk(task.loop, requests.getLast(), task).handOn(task, awaited)) {
            undelivered = null;
        }
    }

    /** Takes what is undelivered, to deliver it; one stands for all. */
    @Nullable CancelRequest take() {
        List<CancelRequest> requests = undelivered;
        if (requests == null) {
            return null;
        }
        undelivered = null;
        return requests.getLast();
    }

    /**
     * @param request null: what the task waited for throws it
     */
    void throwWhenResumed(@Nullable CancelRequest request) {
        toThrow = request;
    }

    void throwIfResumedByIt() {
        CancelRequest request = toThrow;
        if (request != null) {
            CancellationException exception = request.toException();
            toThrow = null;
            throw exception;
        }
    }

    void throwUndelivered() {
        List<CancelRequest> requests = undelivered;
        if (requests != null) {
            CancellationException exception = requests.getLast().toException();
            undelivered = null;
            throw exception;
        }
    }

    // Back again.

    /** Some have been taken back: what is left is no more than what counts. */
    void withdrawn() {
        undelivered = newest(undelivered, active());
        held = newest(held, task.cancelling());
    }

    private static List<CancelRequest> with(
            @Nullable List<CancelRequest> requests, CancelRequest request) {
        List<CancelRequest> all = requests != null ? requests : new ArrayList<>(1);
        all.add(request);
        return all;
    }

    private static @Nullable List<CancelRequest> newest(
            @Nullable List<CancelRequest> requests, int most) {
        if (requests == null || most <= 0) {
            return null;
        }
        int surplus = requests.size() - most;
        if (surplus > 0) {
            requests.subList(0, surplus).clear();
        }
        return requests;
    }

    // Scopes of the coroutine itself, on its thread.

    /** How many enclosures the coroutine is in. */
    int depth() {
        return Enclosure.depth(enclosure);
    }

    /** How many requests have been made and are not held. */
    private int active() {
        return task.cancelling() - (held == null ? 0 : held.size());
    }

    /** How many requests have been delivered; a scope that begins has nothing to do with these. */
    int delivered() {
        return active() - (undelivered == null ? 0 : undelivered.size());
    }

    /**
     * How many requests are a scope's business.
     *
     * @param before how many had been delivered when it began
     */
    int activeSince(int before) {
        return Math.max(0, active() - before);
    }

    /** A scope takes its own request back at its end; how many of others are left. */
    int withdraw(CancelRequest own, int before) {
        if (undelivered != null) {
            undelivered.remove(own);
        }
        task.uncancel();
        int others = activeSince(before);
        // An inner scope may have had the own one delivered again.
        undelivered = newest(undelivered, others);
        return others;
    }

    /** A scope throws a cancellation: if it was for the scope's own request, it is for others'. */
    void deliverInstead(int before) {
        if (delivered() <= before) {
            undelivered = null;
        }
    }

    /** A scope has swallowed the cancellation that was for so many: they are delivered again. */
    void deliverAgain(int requests) {
        int kept = undelivered == null ? 0 : undelivered.size();
        for (int left = requests - kept; left > 0; left--) {
            keep(CancelRequest.of(task.loop, null, Enclosure.shieldDepth(enclosure)));
        }
    }

    /**
     * Runs the body in a shielded scope: a request to cancel from outside of it waits until it
     * ends, one that has not been delivered yet too. Then the task's next suspension throws it:
     * what the body has got is not lost.
     */
    <R extends @Nullable Object> R shielded(Coroutine<? extends R> body) {
        Enclosure outer = enclosure;
        enclosure = new Enclosure.Shield(outer);
        if (undelivered != null) {
            undelivered.forEach(request -> held = with(held, request));
            undelivered = null;
        }
        try {
            return body.await();
        } finally {
            leaveShield(outer);
        }
    }

    private void leaveShield(@Nullable Enclosure outer) {
        enclosure = outer;
        List<CancelRequest> requests = held;
        if (requests == null) {
            return;
        }
        int shieldDepth = Enclosure.shieldDepth(outer);
        for (CancelRequest request : List.copyOf(requests)) {
            if (request.depth() >= shieldDepth && requests.remove(request)) {
                keep(request);
                Enclosure.tell(task.loop, outer, request);
                if (request.tree()) {
                    Enclosure.groups(outer).forEach(group -> group.abort(request));
                }
            }
        }
    }

    /** Runs the body; a request that comes for it calls the action, within the call that asks. */
    <R extends @Nullable Object> R onCancel(Runnable action, Coroutine<? extends R> body) {
        Enclosure outer = enclosure;
        Enclosure own = new Enclosure.OnRequest(outer, action);
        enclosure = own;
        try {
            if (undelivered != null) {
                // The body will get it.
                own.tell(task.loop, undelivered.getLast());
            }
            return body.await();
        } finally {
            enclosure = outer;
        }
    }
}
