package dev.rondo.internal.loop;

import dev.rondo.Coroutine;
import dev.rondo.internal.fiber.Fiber;
import dev.rondo.internal.queue.ReadyQueue;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CancellationException;

/** A coroutine that runs as a task: how it begins, goes on and ends. */
final class CoroutineTask<T extends @Nullable Object> extends SuspendingTask<T>
        implements Fiber.Body {
    private @Nullable Coroutine<? extends T> body;
    private final long number;
    private final @Nullable String givenName;

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

    /** Joins the loop's tasks and queues the first step; on the loop. */
    void begin() {
        ReadyQueue ready = loop.ready;
        Wakeup first = wakeup();
        enlist();
        // No call, which might find no stack: it joins both or neither.
        ready.last.next = first;
        ready.last = first;
    }

    private void enlist() {
        enlisted = true;
        loop.tasks.add(this);
    }

    /** The first step, in which the task joins the loop's: for another thread to send. */
    Runnable beginning() {
        return wakeup();
    }

    /** Too late to begin: it is cancelled without having joined the loop's tasks; on the loop. */
    void endUnbegun() {
        body = null;
        locals = null;
        settleCancelled(CancelRequest.of(loop, Shutdown.REASON));
    }

    // On the loop's thread.

    @Override
    void step() {
        if (isDone()) {
            return;
        }
        if (!enlisted) {
            enlist();
            if (loop.passes.isEnding()) {
                // Too late: it is cancelled before it begins.
                loop.ready(wakeup());
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
        CancelRequest request = takeRequest();
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
            throwWhenResumed(request);
        }
        waitingFor = null;
        loop.running = this;
        running.resume();
    }

    // On the coroutine's thread, which has the turn.

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
            CancelRequest request = takeRequest();
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

    /** The code gets a failure that others may get as well. */
    void give(Throwable failure) {
        given = failure;
    }

    /** Whether the failure is one that its code was given, and may be others' too. */
    boolean wasGiven(Throwable failure) {
        return given == failure;
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
}
