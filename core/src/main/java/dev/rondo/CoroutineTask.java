package dev.rondo;

import dev.rondo.internal.Fiber;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** A coroutine that runs as a task: its fiber, what it waits for, and its cancellation. */
final class CoroutineTask<T extends @Nullable Object> extends LoopTask<T> implements Fiber.Body {
    /*
     * A task is resumed by its wakeup and by nothing else, and its wakeup is in one place at most: in
     * the list of what the task waits for, or in the ready queue. So it is never resumed twice.
     *
     * Cancellation is asyncio's: a request goes to what the task waits for, and comes back to the task
     * as that one's end. Only if there is nothing to cancel (the task has not begun, is running, or what
     * it waited for has ended and the wakeup is queued) is it kept in `mustCancel`, until the task is
     * resumed or suspends on something that can be cancelled.
     */
    private @Nullable Coroutine<? extends T> body;
    private final long number;
    private final @Nullable String givenName;
    private final Wakeup wakeup = new Wakeup(this);
    private @Nullable Fiber fiber;
    private @Nullable LoopFuture<?> waitingFor;

    /** A request that waits for the task to suspend or to be resumed. */
    private @Nullable CancelRequest mustCancel;

    /** A request that the coroutine throws as soon as it is resumed. */
    private @Nullable CancelRequest toThrow;

    /** The values of its context variables; null as long as there are none. */
    @Nullable ContextScope scope;

    private @Nullable CapturedLocals locals;
    private boolean enlisted;

    /** What a request meets on its way to the code that runs now. */
    @Nullable Enclosure enclosure;

    /** Requests that wait for a shield to end. */
    private @Nullable List<CancelRequest> held;

    /** The request that has come here last. */
    private @Nullable CancelRequest lastRequest;

    /** Where it was made, in debug mode. */
    final @Nullable Throwable origin;

    // Its place in the loop's list of tasks.
    @Nullable CoroutineTask<?> olderTask;
    @Nullable CoroutineTask<?> newerTask;

    CoroutineTask(
            EventLoop loop,
            @Nullable String name,
            @Nullable ContextScope scope,
            @Nullable CapturedLocals locals,
            Coroutine<? extends T> body) {
        super(loop);
        this.body = body;
        this.scope = scope;
        this.locals = locals;
        givenName = name;
        number = name == null ? loop.nextTaskNumber() : 0;
        origin = loop.origin("created here");
    }

    /** The task whose coroutine calls, found from the thread. */
    static @Nullable CoroutineTask<?> currentOrNull() {
        Fiber fiber = Fiber.current();
        return fiber != null ? (CoroutineTask<?>) fiber.body() : RunningLoops.taskOfThisThread();
    }

    /** The task whose coroutine calls; refuses everybody else. */
    static CoroutineTask<?> current(String what) {
        CoroutineTask<?> task = currentOrNull();
        if (task == null) {
            throw new IllegalStateException(
                    "Only a coroutine can "
                            + what
                            + "; start one with Async.run, createTask or EventLoop.submit."
                            + " A plain thread can join() a task, a callback can use onDone.");
        }
        return task;
    }

    /** Joins the loop's tasks and queues the first step; on the loop. */
    void begin() {
        enlist();
        loop.ready(wakeup);
    }

    private void enlist() {
        enlisted = true;
        loop.tasks.add(this);
    }

    /** The first step, in which the task joins the loop's: for another thread to send. */
    Runnable beginning() {
        return wakeup;
    }

    /** Too late to begin: it is cancelled without having joined the loop's tasks; on the loop. */
    void endUnbegun() {
        body = null;
        locals = null;
        settleCancelled(CancelRequest.of(loop, Shutdown.REASON));
    }

    // On the loop's thread.

    private void step() {
        if (isDone()) {
            return;
        }
        if (!enlisted) {
            enlist();
            if (loop.isEnding()) {
                // Too late: it is cancelled before it begins.
                loop.ready(wakeup);
                return;
            }
        }
        CancelRequest request = mustCancel;
        mustCancel = null;
        Fiber running = fiber;
        if (running == null) {
            if (request != null) {
                settleCancelled(request);
                leave();
                return;
            }
            running = start();
            if (running == null) {
                return;
            }
        } else if (request != null) {
            // One exception for all requests: if what it waited for was cancelled, that one is it.
            LoopFuture<?> ended = waitingFor;
            toThrow = ended == null || !ended.isCancelled() ? request : null;
        }
        waitingFor = null;
        loop.running = this;
        try {
            running.resume();
        } catch (Throwable e) {
            // Its thread could not be started: out of memory, most likely.
            settleFailed(e);
            leave();
        } finally {
            loop.running = null;
        }
    }

    private @Nullable Fiber start() {
        try {
            Fiber started = loop.fiberKind.newFiber(this);
            fiber = started;
            return started;
        } catch (Throwable e) {
            // No thread can be had: out of memory, most likely.
            settleFailed(e);
            leave();
            return null;
        }
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
        future.addWaiter(wakeup);
        waitingFor = future;
        CancelRequest request = mustCancel;
        if (request != null && future.requestCancel(request.outside())) {
            mustCancel = null;
        }
        suspend(future);
    }

    /** Lets everything else that is ready run first. */
    void yieldNow() {
        loop.ready(wakeup);
        suspend(null);
    }

    private void suspend(@Nullable LoopFuture<?> future) {
        try {
            Fiber own = Objects.requireNonNull(fiber, "a task that runs has a fiber");
            if (future == null) {
                own.giveWay();
            } else {
                own.suspend();
            }
        } catch (Throwable e) {
            // It has not suspended, so it must not be resumed: the stack ended just here.
            if (future == null || !future.removeWaiter(wakeup)) {
                loop.unready(wakeup);
            }
            waitingFor = null;
            throw e;
        }
        CancelRequest request = toThrow;
        if (request != null) {
            toThrow = null;
            throw request.toException();
        }
    }

    @Override
    public void run() {
        Coroutine<? extends T> code = Objects.requireNonNull(body);
        try {
            // Not even a lambda where there is nothing to carry: a suspended coroutine would hold
            // it.
            T value = locals == null ? code.run() : locals.<T>call(code::run);
            CancelRequest request = mustCancel;
            if (request != null) {
                // It cancelled itself and never suspended again.
                mustCancel = null;
                settleCancelled(request);
            } else {
                settleValue(value);
            }
        } catch (CancellationException e) {
            settleCancelled(e);
        } catch (InterruptedException e) {
            settleCancelled(interruptedWhileBlocking(e));
        } catch (Throwable e) {
            settleFailed(e);
        } finally {
            leave();
        }
    }

    /** The thread's interrupt, a request to cancel, has met a blocking call. */
    CancellationException interruptedWhileBlocking(InterruptedException interrupt) {
        countCancel();
        CancellationException cancelled = new CancellationException("interrupted while blocking");
        cancelled.initCause(interrupt);
        return cancelled;
    }

    /** Done: a task that is kept for its result keeps neither its code nor its thread. */
    private void leave() {
        body = null;
        fiber = null;
        locals = null;
        loop.tasks.remove(this);
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        lastRequest = request;
        if (request.depth() < Enclosure.shieldDepth(enclosure)) {
            hold(request);
            return true;
        }
        Enclosure.tell(loop, enclosure, request);
        // Down the chain of tasks that await each other, in a loop: it may be longer than the
        // stack.
        CancelRequest outside = request.outside();
        CoroutineTask<?> task = this;
        CoroutineTask<?> passed = this;
        long steps = 0;
        while (task.waitingFor instanceof CoroutineTask<?> inner && !inner.isDone()) {
            if (inner == passed) {
                inner.leaveCircle(outside);
                return true;
            }
            inner.countCancel();
            inner.lastRequest = outside;
            if (inner.isShielded()) {
                inner.hold(outside);
                return true;
            }
            Enclosure.tell(loop, inner.enclosure, outside);
            task = inner;
            if (Long.bitCount(++steps) == 1) {
                passed = task;
            }
        }
        LoopFuture<?> awaited = task.waitingFor;
        if (awaited == null || !awaited.requestCancel(outside)) {
            task.mustCancel = task == this ? request : outside;
        }
        return true;
    }

    /** Tasks that await each other in a circle never end by themselves: this one is resumed. */
    private void leaveCircle(CancelRequest request) {
        LoopFuture<?> awaited = waitingFor;
        if (awaited != null && awaited.removeWaiter(wakeup)) {
            loop.ready(wakeup);
        }
        mustCancel = request;
    }

    @Override
    void cancelWithdrawn() {
        mustCancel = null;
        held = null;
    }

    private void hold(CancelRequest request) {
        List<CancelRequest> requests = held;
        if (requests == null) {
            requests = new ArrayList<>();
            held = requests;
        }
        requests.add(request);
    }

    @Override
    boolean wasAsked(CancelRequest request) {
        return lastRequest == request;
    }

    // Scopes of the coroutine itself, on its thread.

    /** How many enclosures the coroutine is in. */
    int depth() {
        return Enclosure.depth(enclosure);
    }

    /** Whether a request from outside would be held back; from any thread. */
    boolean isShielded() {
        return Enclosure.shieldDepth(enclosure) > 0;
    }

    /** The requests that have been made and are not held back by a shield. */
    int activeRequests() {
        return cancelling() - (held == null ? 0 : held.size());
    }

    /**
     * A scope that has asked for the end of its body takes its request back when the body has
     * ended.
     *
     * @param before how many requests were active when the scope began
     * @return whether all that were made since are taken back
     */
    boolean withdraw(int before) {
        uncancel();
        if (activeRequests() > before) {
            return false;
        }
        mustCancel = null;
        return true;
    }

    /** A request that has been delivered and swallowed by a scope is delivered once more. */
    void deliverAgain() {
        if (mustCancel == null) {
            mustCancel = CancelRequest.of(loop, null, depth());
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
        CancelRequest undelivered = mustCancel;
        if (undelivered != null) {
            mustCancel = null;
            hold(undelivered);
        }
        try {
            return body.await();
        } finally {
            CancelRequest waiting = leaveShield(outer);
            mustCancel = waiting != null ? waiting : mustCancel;
        }
    }

    /** A request that nothing holds back any more, if there is one; one stands for all of them. */
    private @Nullable CancelRequest leaveShield(@Nullable Enclosure outer) {
        enclosure = outer;
        CancelRequest last = null;
        List<CancelRequest> requests = held;
        if (requests != null) {
            int shieldDepth = Enclosure.shieldDepth(outer);
            for (CancelRequest request : List.copyOf(requests)) {
                if (request.depth() >= shieldDepth) {
                    requests.remove(request);
                    Enclosure.tell(loop, outer, request);
                    last = request;
                }
            }
        }
        return last;
    }

    /** Runs the body; a request that comes for it calls the action, within the call that asks. */
    <R extends @Nullable Object> R onCancel(Runnable action, Coroutine<? extends R> body) {
        Enclosure outer = enclosure;
        Enclosure own = new Enclosure.OnRequest(outer, action);
        enclosure = own;
        CancelRequest undelivered = mustCancel;
        try {
            if (undelivered != null) {
                // The body will get it.
                own.tell(loop, undelivered);
            }
            return body.await();
        } finally {
            enclosure = outer;
        }
    }

    /** Throws the request that the next suspension would throw. */
    void throwRequest() {
        CancelRequest request = mustCancel;
        if (request != null) {
            mustCancel = null;
            throw request.toException();
        }
    }

    @Override
    String pending() {
        LoopFuture<?> awaited = waitingFor;
        return awaited == null ? "pending" : "pending, awaits " + awaited.label();
    }

    @Override
    public String name() {
        return givenName != null ? givenName : "Task-" + number;
    }

    /** The task's name; the loop's, where the task's would be a mere number made up for it. */
    @Override
    public String threadName() {
        return givenName != null || loop.isDebug() ? name() : loop.name();
    }

    /** The coroutine's thread while it runs or is suspended. */
    @Nullable Thread thread() {
        Fiber started = fiber;
        return started == null ? null : started.thread();
    }

    @Override
    public void interrupted() {
        CancelRequest request = CancelRequest.of(loop, "the coroutine's thread was interrupted");
        loop.post(() -> requestCancel(request));
    }

    @Override
    public void uncaught(Throwable failure) {
        loop.report("Given to the thread of " + label() + " as uncaught", failure, this, origin);
    }

    @Override
    public boolean post(Runnable action) {
        return loop.post(action);
    }

    /** Resumes the task; one object for the whole life of it. */
    private static final class Wakeup extends Waiter {
        private final CoroutineTask<?> task;

        Wakeup(CoroutineTask<?> task) {
            this.task = task;
        }

        @Override
        public void run() {
            task.step();
        }

        @Override
        @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
            return task.waitingFor == awaited ? task : null;
        }

        @Override
        public String toString() {
            return task.label();
        }
    }
}
