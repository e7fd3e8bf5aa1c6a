package dev.rondo.internal.loop;

import dev.rondo.Coroutine;
import dev.rondo.internal.fiber.Fiber;
import dev.rondo.internal.queue.ReadyQueue;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CancellationException;

/** A coroutine that runs as a task: its fiber, what it waits for, and how it ends. */
final class CoroutineTask<T extends @Nullable Object> extends LoopTask<T> implements Fiber.Body {
    /*
     * A task is resumed by its wakeup and by nothing else, and its wakeup is in one place at most: in
     * the list of what the task waits for, or in the ready queue. So it is never resumed twice.
     */
    private @Nullable Coroutine<? extends T> body;
    private final long number;
    private final @Nullable String givenName;
    private Wakeup wakeup = new Wakeup(this);

    /** The wakeup was left behind by an await that could not suspend. */
    private boolean wakeupIsLost;

    private @Nullable Fiber fiber;
    private @Nullable LoopFuture<?> waitingFor;

    /** Null until a request comes, or its code is in a scope that such a request would meet. */
    private @Nullable Cancellation cancellation;

    /** The values of its context variables; null as long as there are none. */
    @Nullable Scope scope;

    private @Nullable CapturedLocals locals;
    private boolean enlisted;

    /** The failure that its code has been given last by what it awaited or looked at. */
    private @Nullable Throwable given;

    /** Where it was made, in debug mode. */
    final @Nullable Throwable origin;

    // Its place in the loop's list of tasks.
    @Nullable CoroutineTask<?> olderTask;
    @Nullable CoroutineTask<?> newerTask;

    CoroutineTask(
            LoopCore loop,
            @Nullable String name,
            @Nullable Scope scope,
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
            if (loop.life.isEnding()) {
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
        Cancellation cancelled = cancellation;
        CancelRequest request = cancelled == null ? null : cancelled.take();
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
            cancellation().throwWhenResumed(ended == null || !ended.isCancelled() ? request : null);
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

    private void throwRequestThatResumed() {
        Cancellation cancelled = cancellation;
        if (cancelled != null) {
            cancelled.throwIfResumedByIt();
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
            Cancellation cancelled = cancellation;
            CancelRequest request = cancelled == null ? null : cancelled.take();
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

    /** Resumes the task, though what it waits for goes on. */
    void leaveAwaited() {
        LoopFuture<?> awaited = waitingFor;
        if (awaited != null && awaited.removeWaiter(wakeup)) {
            loop.ready(wakeup);
        }
    }

    /** Its requests to cancel, and what they meet. */
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

    /** What a request meets on its way to the code that runs now; from any thread. */
    @Nullable Enclosure enclosure() {
        Cancellation known = cancellation;
        return known == null ? null : known.enclosure;
    }

    /** Whether a request from outside would be held back; from any thread. */
    boolean isShielded() {
        return Enclosure.shieldDepth(enclosure()) > 0;
    }

    /** Throws the request that the next suspension would throw. */
    void throwRequest() {
        Cancellation known = cancellation;
        if (known != null) {
            known.throwUndelivered();
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
