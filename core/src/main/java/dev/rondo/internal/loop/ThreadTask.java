package dev.rondo.internal.loop;

import dev.rondo.OnCancel;
import dev.rondo.internal.fiber.StackRoom;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A blocking call on a thread outside the loop, as a task of the loop. */
final class ThreadTask<T extends @Nullable Object> extends BlockingCall<T> {
    /*
     * `worker` is the thread while the call runs on it; only under the lock may it be interrupted, so
     * that no interrupt reaches whatever a pool's thread does next. The lock is held for no other code.
     */
    private final Object lock = new Object();
    private final OnCancel onCancel;
    private final Callable<? extends T> blocking;
    private final TimeHold hold;
    private final Scope scope = Scope.copy();
    private final @Nullable CapturedLocals locals;
    private @Nullable Thread worker;

    /** Made beforehand, so that the end can be told without memory. */
    private final Turn end = Turn.of(this::end);

    private @Nullable Object result;
    private @Nullable Throwable failure;
    private boolean abandoned;
    private boolean waitedFor;
    private volatile boolean begun;

    /** Held here: the call itself is held by its executor alone. */
    @SuppressWarnings("unused")
    private @Nullable Dropped dropped;

    ThreadTask(LoopCore loop, OnCancel onCancel, Callable<? extends T> blocking) {
        super(loop);
        this.onCancel = onCancel;
        this.blocking = blocking;
        locals = CapturedLocals.here(loop);
        StackRoom.ensure();
        hold = new TimeHold(loop, TimeHold.UNBOUNDED);
    }

    /** Runs the call on a thread of its own, which the end of the run waits for. */
    ThreadTask<T> start() {
        if (!loop.life.isOver) {
            loop.checkOpen();
            waitedFor = true;
        }
        return start(call -> loop.fiberKind.newThread(name(), call).start());
    }

    /** Runs the call by the executor; a rejection is thrown at the caller. */
    ThreadTask<T> start(Executor executor) {
        if (loop.life.isOver) {
            settleCancelled(CancelRequest.of(loop, LoopLife.ENDING));
            hold.close();
            return this;
        }
        loop.threads.add(this);
        Call call = new Call(this);
        dropped = new Dropped(call, this);
        try {
            executor.execute(call);
            return this;
        } catch (Throwable e) {
            loop.threads.remove(this);
            hold.close();
            throw e;
        }
    }

    @Override
    boolean isWaitedFor() {
        return waitedFor;
    }

    @Override
    @Nullable Thread thread() {
        synchronized (lock) {
            return worker;
        }
    }

    @Override
    boolean isQueued() {
        return !begun;
    }

    /** The executor has let go of the call without having run it; on the loop. */
    private void dropped() {
        loop.threads.remove(this);
        hold.close();
        settleFailed(
                new RejectedExecutionException(
                        "The executor given to toThread has dropped the call; it will never run"));
    }

    private void runBlocking() {
        begun = true;
        if (enter()) {
            call();
        }
        // If the loop has closed, nobody is left who waits.
        loop.post(end);
        hold.close();
    }

    private void call() {
        try {
            T value =
                    scope.<T>call(
                            () -> locals == null ? blocking.call() : locals.<T>call(blocking));
            result = value;
        } catch (Throwable e) {
            failure = e;
        } finally {
            leave();
        }
    }

    /** Back on the loop. One that never called has been cancelled. */
    private void end() {
        loop.threads.remove(this);
        Throwable failed = failure;
        if (failed == null) {
            settleValue(result);
            return;
        }
        try {
            fail(failed);
        } catch (OutOfMemoryError e) {
            settleWithoutMemory();
        }
    }

    private boolean enter() {
        synchronized (lock) {
            if (abandoned) {
                return false;
            }
            worker = Thread.currentThread();
            return true;
        }
    }

    private void leave() {
        synchronized (lock) {
            worker = null;
            if (abandoned && onCancel == OnCancel.INTERRUPT) {
                // Ours, if the call has not taken it.
                Thread.interrupted();
            }
        }
    }

    private void fail(Throwable failure) {
        if (failure instanceof CancellationException cancelled) {
            settleCancelled(cancelled);
        } else if (!settleFailed(failure) && !isInterrupt(failure)) {
            loop.report(
                    "A blocking call failed after " + label() + " was cancelled",
                    failure,
                    this,
                    null);
        }
    }

    private static boolean isInterrupt(Throwable failure) {
        return failure instanceof InterruptedException
                || failure instanceof InterruptedIOException
                || failure instanceof ClosedByInterruptException;
    }

    @Override
    boolean cancelNow(CancelRequest request) {
        countCancel();
        settleCancelled(request);
        synchronized (lock) {
            abandoned = true;
            if (worker != null && onCancel == OnCancel.INTERRUPT) {
                worker.interrupt();
            }
        }
        return true;
    }

    @Override
    public String name() {
        return "toThread";
    }

    private record Call(ThreadTask<?> task) implements Runnable {
        @Override
        public void run() {
            task.runBlocking();
        }
    }

    private static final class Dropped extends WhenCollected<Call> {
        private final ThreadTask<?> task;

        Dropped(Call call, ThreadTask<?> task) {
            super(call);
            this.task = task;
        }

        @Override
        @Nullable LoopCore loop() {
            return task.isQueued() ? task.loop : null;
        }

        @Override
        void collected() {
            task.dropped();
        }
    }
}
