package dev.rondo.internal.loop;

import dev.rondo.internal.fiber.Fiber;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CancellationException;

/** A task whose code can be suspended: what it waits for, how it is woken, and how asked to end. */
abstract class SuspendingTask<T extends @Nullable Object> extends LoopTask<T> {
    /*
     * A task is resumed by its wakeup and by nothing else, and its wakeup is in one place at most: in
     * the list of what the task waits for, or in the ready queue. So it is never resumed twice.
     */
    private Wakeup wakeup = new Wakeup(this);

    /** The wakeup was left behind by an await that could not suspend. */
    private boolean wakeupIsLost;

    @Nullable Fiber fiber;
    @Nullable LoopFuture<?> waitingFor;

    /** Null until a request comes, or its code is in a scope that such a request would meet. */
    private @Nullable Cancellation cancellation;

    /** The values of its context variables; null as long as there are none. */
    @Nullable Scope scope;

    /** The failure that its code has been given last by what it awaited or looked at. */
    private @Nullable Throwable given;

    private final @Nullable Throwable origin;

    // Its place in the loop's list of tasks.
    @Nullable SuspendingTask<?> olderTask;
    @Nullable SuspendingTask<?> newerTask;

    SuspendingTask(LoopCore loop, @Nullable Scope scope) {
        super(loop);
        this.scope = scope;
        origin = loop.origin("created here");
    }

    @Override
    final @Nullable Throwable origin() {
        return origin;
    }

    /** Its wakeup has been run: it begins, or goes on. */
    abstract void step();

    /** Ends it though its coroutine stands where it stands, and will never be resumed. */
    abstract void abandon(Throwable why);

    /** To be queued or sent for the first step. */
    final Wakeup wakeup() {
        return wakeup;
    }

    // On the coroutine's thread, which has the turn.

    /** Suspends until the future has ended. */
    void waitFor(LoopFuture<?> future) {
        if (future == this) {
            throw new IllegalStateException(
                    label() + " cannot await itself: it would wait for ever");
        }
        if (future.loop != loop) {
            throw new IllegalStateException(
                    future.label()
                            + " belongs to the loop "
                            + future.loop.name()
                            + ", not to "
                            + loop.name()
                            + "; await its toCompletableFuture() with Async.await");
        }
        renewLostWakeup();
        try {
            future.addWaiter(wakeup);
            waitingFor = future;
            Cancellation cancelled = cancellation;
            if (cancelled != null) {
                cancelled.handOn(future);
            }
            ownFiber().suspend();
        } catch (Throwable e) {
            // The stack or the memory has ended before it could suspend. No call is safe here: the
            // wakeup stays where it is, and is another one's by the time the task waits again.
            waitingFor = null;
            wakeupIsLost = true;
            throw e;
        }
        throwRequestThatResumed();
    }

    /** Lets everything else that is ready run first. */
    void yieldNow() {
        renewLostWakeup();
        try {
            loop.ready(wakeup);
            ownFiber().giveWay();
        } catch (Throwable e) {
            // As in waitFor().
            wakeupIsLost = true;
            throw e;
        }
        throwRequestThatResumed();
    }

    private Fiber ownFiber() {
        return Objects.requireNonNull(fiber, "a task that runs has a fiber");
    }

    private void renewLostWakeup() {
        if (wakeupIsLost) {
            Wakeup renewed = new Wakeup(this);
            wakeup.task = null;
            wakeup = renewed;
            wakeupIsLost = false;
        }
    }

    /** Takes the request that is to be delivered now, if there is one. */
    final @Nullable CancelRequest takeRequest() {
        Cancellation known = cancellation;
        return known == null ? null : known.take();
    }

    /** One exception for all requests: if what it waited for was cancelled, that one is it. */
    final void throwWhenResumed(CancelRequest request) {
        LoopFuture<?> ended = waitingFor;
        cancellation().throwWhenResumed(ended == null || !ended.isCancelled() ? request : null);
    }

    private void throwRequestThatResumed() {
        Cancellation cancelled = cancellation;
        if (cancelled != null) {
            cancelled.throwIfResumedByIt();
        }
    }

    /** What it waits for; null if it runs, has given way or has not begun. */
    @Nullable LoopFuture<?> awaited() {
        return waitingFor;
    }

    /** Resumes the task, though what it waits for goes on. */
    void leaveAwaited() {
        LoopFuture<?> awaited = waitingFor;
        if (awaited != null && awaited.removeWaiter(wakeup)) {
            loop.ready(wakeup);
        }
    }

    // Its requests to cancel, and what they meet.

    @Override
    boolean cancelNow(CancelRequest request) {
        return new CancelWalk(loop, request).ask(this);
    }

    @Override
    CancelStep cancelStep(@Nullable CancelStep before, boolean asks, CancelRequest request) {
        return new CoroutineCancelStep(before, asks, this, request);
    }

    Cancellation cancellation() {
        Cancellation known = cancellation;
        if (known == null) {
            known = new Cancellation(this);
            cancellation = known;
        }
        return known;
    }

    @Override
    void cancelWithdrawn() {
        Cancellation known = cancellation;
        if (known != null) {
            known.withdrawn();
        }
    }

    /** Whether a request from outside would be held back; from any thread. */
    boolean isShielded() {
        Cancellation known = cancellation;
        return known != null && Enclosure.shieldDepth(known.enclosure) > 0;
    }

    /** Throws the request that the next suspension would throw. */
    void throwRequest() {
        Cancellation known = cancellation;
        if (known != null) {
            known.throwUndelivered();
        }
    }

    @Override
    String pending() {
        LoopFuture<?> awaited = waitingFor;
        return awaited == null ? "pending" : "pending, awaits " + awaited.label();
    }

    /** The coroutine's thread while it runs or is suspended. */
    @Nullable Thread thread() {
        Fiber started = fiber;
        return started == null ? null : started.thread();
    }

    // What its code is told.

    /** The thread's interrupt, a request to cancel, has met a blocking call. */
    CancellationException interruptedWhileBlocking(InterruptedException interrupt) {
        countCancel();
        CancellationException cancelled = new CancellationException("interrupted while blocking");
        cancelled.initCause(interrupt);
        return cancelled;
    }

    /** The code gets a failure that others may get as well. */
    void give(Throwable failure) {
        given = failure;
    }

    /** Whether the failure is one that its code was given, and may be others' too. */
    boolean wasGiven(Throwable failure) {
        return given == failure;
    }

    final void forgetGiven() {
        given = null;
    }

    /** The code has ended with the failure, which may be the one it was given. */
    final void forgetGivenBut(Throwable failure) {
        if (given != failure) {
            given = null;
        }
    }
}
