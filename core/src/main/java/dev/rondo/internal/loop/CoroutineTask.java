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

    private @Nullable CapturedLocals locals;
    private boolean enlisted;

    CoroutineTask(
            LoopCore loop,
            @Nullable String name,
            @Nullable Scope scope,
            @Nullable CapturedLocals locals,
            Coroutine<? extends T> body) {
        super(loop, scope);
        this.body = body;
        this.locals = locals;
        givenName = name;
        number = name == null ? loop.nextTaskNumber() : 0;
    }

    /** A task that has yet to begin; it carries what the caller's thread has. */
    static <T extends @Nullable Object> CoroutineTask<T> carrying(
            LoopCore loop,
            @Nullable String name,
            @Nullable Scope scope,
            Coroutine<? extends T> body) {
        return new CoroutineTask<>(loop, name, scope, CapturedLocals.here(loop), body);
    }

    /** A task that has begun, or will when the loop gets to it; from any thread. */
    static <T extends @Nullable Object> CoroutineTask<T> create(
            LoopCore loop, @Nullable String name, Coroutine<? extends T> body) {
        return create(loop, name, Scope.copyOrNull(), body);
    }

    static <T extends @Nullable Object> CoroutineTask<T> create(
            LoopCore loop,
            @Nullable String name,
            @Nullable Scope scope,
            Coroutine<? extends T> body) {
        return CoroutineTask.<T>carrying(loop, name, scope, body).beginSomewhere();
    }

    /** From any thread. */
    CoroutineTask<T> beginSomewhere() {
        if (!loop.inLoop()) {
            loop.postWork(wakeup());
        } else if (loop.life.isOver) {
            endUnbegun();
        } else {
            begin();
        }
        return this;
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

    /** Too late to begin: it is cancelled without having joined the loop's tasks; on the loop. */
    private void endUnbegun() {
        body = null;
        locals = null;
        settleCancelled(CancelRequest.of(loop, LoopLife.ENDING));
    }

    // On the loop's thread.

    @Override
    void step() {
        if (isDone()) {
            return;
        }
        if (!enlisted) {
            enlist();
            Throwable noThread = loop.life.abandonedFor;
            if (noThread != null) {
                abandon(loop.life.failed(noThread));
                return;
            }
            if (loop.life.isEnding) {
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
            forgetGivenBut(e);
            settleFailed(e);
        }
    }

    /** Done: a task that is kept for its result keeps neither its code nor its thread. */
    private void leave() {
        body = null;
        fiber = null;
        locals = null;
        if (!hasFailed()) {
            forgetGiven();
        }
        loop.tasks.remove(this);
    }

    @Override
    void abandon(Throwable why) {
        // The loop has told of all of them.
        expectFailure();
        if (settleFailed(why)) {
            leave();
        }
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
        loop.report("Given to the thread of " + label() + " as uncaught", failure, this, origin());
    }

    @Override
    public boolean post(Runnable action) {
        return loop.post(action);
    }
}
