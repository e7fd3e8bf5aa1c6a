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
     * it waited for has ended and the wakeup is queued) is it kept in `undelivered`, until the task is
     * resumed or suspends on something that can be cancelled. CancelWalk tells which way it goes.
     *
     * A request counts in cancelling() until it is taken back. Until then it is held by a shield, or
     * undelivered, or has been delivered: to the code here, or to what it awaited. Scopes (timeouts,
     * groups) know by that whose requests they see: what was delivered before a scope began is not its
     * business; all else is, for its code may get it. At its end a scope takes its own request back; if
     * any are left, they are others', and go on.
     */
    private @Nullable Coroutine<? extends T> body;
    private final long number;
    private final @Nullable String givenName;
    private Wakeup wakeup = new Wakeup(this);

    /** The wakeup was left behind by an await that could not suspend. */
    private boolean wakeupIsLost;

    private @Nullable Fiber fiber;
    private @Nullable LoopFuture<?> waitingFor;

    /** Requests that wait for the task to suspend or to be resumed; null if there are none. */
    private @Nullable List<CancelRequest> undelivered;

    /** A request that the coroutine throws as soon as it is resumed. */
    private @Nullable CancelRequest toThrow;

    /** The values of its context variables; null as long as there are none. */
    @Nullable ContextScope scope;

    private @Nullable CapturedLocals locals;
    private boolean enlisted;

    /** The failure that its code has been given last by what it awaited or looked at. */
    private @Nullable Throwable given;

    /** What a request meets on its way to the code that runs now. */
    @Nullable Enclosure enclosure;

    /** Requests that wait for a shield to end; null if there are none. */
    private @Nullable List<CancelRequest> held;

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
        ReadyQueue ready = loop.ready;
        enlist();
        // No call, which might find no stack: it joins both or neither.
        ready.last.next = wakeup;
        ready.last = wakeup;
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
        try {
            resume();
        } catch (Throwable e) {
            // It has no thread to run on: out of memory, most likely.
            try {
                settleFailed(e);
            } catch (Throwable noMemory) {
                settleWithoutMemory();
            }
            leave();
        } finally {
            loop.running = null;
        }
    }

    private void resume() {
        CancelRequest request = takeUndelivered();
        Fiber running = fiber;
        if (running == null) {
            if (request != null) {
                settleCancelled(request);
                leave();
                return;
            }
            running = loop.fiberKind.newFiber(this);
            fiber = running;
        } else if (request != null) {
            // One exception for all requests: if what it waited for was cancelled, that one is it.
            LoopFuture<?> ended = waitingFor;
            toThrow = ended == null || !ended.isCancelled() ? request : null;
        }
        waitingFor = null;
        loop.running = this;
        running.resume();
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
            List<CancelRequest> requests = undelivered;
            if (requests != null
                    && new CancelWalk(loop, requests.getLast(), this).handOn(this, future)) {
                undelivered = null;
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

    private void throwRequestThatResumed() {
        CancelRequest request = toThrow;
        if (request != null) {
            CancellationException exception = request.toException();
            toThrow = null;
            throw exception;
        }
    }

    @Override
    public void run() {
        try {
            runToItsEnd();
        } catch (Throwable e) {
            // There was no memory to say how it has ended.
            settleWithoutMemory();
        } finally {
            leave();
        }
    }

    private void runToItsEnd() {
        Coroutine<? extends T> code = Objects.requireNonNull(body);
        try {
            // Not even a lambda where there is nothing to carry: a suspended coroutine would hold
            // it.
            T value = locals == null ? code.run() : locals.<T>call(code::run);
            CancelRequest request = takeUndelivered();
            if (request != null) {
                // It cancelled itself and never suspended again.
                settleCancelled(request);
            } else {
                settleValue(value);
            }
        } catch (CancellationException e) {
            settleCancelled(e);
        } catch (InterruptedException e) {
            settleCancelled(interruptedWhileBlocking(e));
        } catch (Throwable e) {
            given = given == e ? e : null;
            settleFailed(e);
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
        if (!hasFailed()) {
            given = null;
        }
        loop.tasks.remove(this);
    }

    /** Ends it though its coroutine stands where it stands, and will never be resumed. */
    void abandon(Throwable why) {
        // The loop has told of all of them.
        expectFailure();
        if (settleFailed(why)) {
            leave();
        }
    }

    // Requests to cancel, on the loop.

    @Override
    boolean cancelNow(CancelRequest request) {
        return new CancelWalk(loop, request).ask(this);
    }

    /** What it waits for; null if it runs, has given way or has not begun. */
    @Nullable LoopFuture<?> awaited() {
        return waitingFor;
    }

    /** Counts a request and tells those around the code of it; false if a shield holds it. */
    boolean receive(CancelRequest request) {
        countCancel();
        if (request.depth() < Enclosure.shieldDepth(enclosure)) {
            held = with(held, request);
            return false;
        }
        Enclosure.tell(loop, enclosure, request);
        return true;
    }

    /** A request that is to be delivered when the task is resumed or suspends. */
    void keep(CancelRequest request) {
        undelivered = with(undelivered, request);
    }

    /** Resumes the task, though what it waits for goes on. */
    void leaveAwaited() {
        LoopFuture<?> awaited = waitingFor;
        if (awaited != null && awaited.removeWaiter(wakeup)) {
            loop.ready(wakeup);
        }
    }

    /** One stands for all. */
    private @Nullable CancelRequest takeUndelivered() {
        List<CancelRequest> requests = undelivered;
        if (requests == null) {
            return null;
        }
        undelivered = null;
        return requests.getLast();
    }

    @Override
    void cancelWithdrawn() {
        undelivered = newest(undelivered, active());
        held = newest(held, cancelling());
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

    /** Whether a request from outside would be held back; from any thread. */
    boolean isShielded() {
        return Enclosure.shieldDepth(enclosure) > 0;
    }

    /** How many requests have been made and are not held. */
    private int active() {
        return cancelling() - (held == null ? 0 : held.size());
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
        uncancel();
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
            keep(CancelRequest.of(loop, null, Enclosure.shieldDepth(enclosure)));
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
                Enclosure.tell(loop, outer, request);
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
                own.tell(loop, undelivered.getLast());
            }
            return body.await();
        } finally {
            enclosure = outer;
        }
    }

    /** Throws the request that the next suspension would throw. */
    void throwRequest() {
        List<CancelRequest> requests = undelivered;
        if (requests != null) {
            CancellationException exception = requests.getLast().toException();
            undelivered = null;
            throw exception;
        }
    }

    /** The code gets a failure that others may get as well. */
    void give(Throwable failure) {
        given = failure;
    }

    /** Whether the failure is one that its code was given, and may be others' too. */
    boolean wasGiven(Throwable failure) {
        return given == failure;
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
        try {
            CancelRequest request =
                    CancelRequest.of(loop, "the coroutine's thread was interrupted");
            loop.post(() -> requestCancel(request));
        } catch (OutOfMemoryError e) {
            // The thread finds its interrupt again when it parks.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void uncaught(Throwable failure) {
        loop.report("Given to the thread of " + label() + " as uncaught", failure, this, origin);
    }

    @Override
    public boolean post(Runnable action) {
        return loop.post(action);
    }

    /** Resumes the task; one object for the whole life of it, unless it is lost. */
    private static final class Wakeup extends Waiter {
        /** Null if it was lost: the task has another. */
        private @Nullable CoroutineTask<?> task;

        Wakeup(CoroutineTask<?> task) {
            this.task = task;
        }

        @Override
        public void run() {
            CoroutineTask<?> resumed = task;
            if (resumed != null) {
                resumed.step();
            }
        }

        @Override
        @Nullable LoopFuture<?> passesCancelTo(LoopFuture<?> awaited) {
            CoroutineTask<?> waiting = task;
            return waiting != null && waiting.waitingFor == awaited ? waiting : null;
        }

        @Override
        public String toString() {
            CoroutineTask<?> resumed = task;
            return resumed == null ? "a lost wakeup" : resumed.label();
        }
    }
}
