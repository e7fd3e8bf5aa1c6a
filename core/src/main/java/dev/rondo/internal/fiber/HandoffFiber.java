package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.LockSupport;

/**
 * A coroutine on a plain virtual thread of the JDK's default scheduler: it and the loop's thread
 * hand a turn to each other, and whoever has not the turn is parked.
 */
final class HandoffFiber extends Fiber {
    /*
     * One volatile flag is the whole protocol: who has the turn. Each side writes it only while it has
     * the turn, and then unparks the other; an unpark nobody asked for finds the flag unchanged and the
     * thread parks again. All other state of the loop is plain: the flag orders it.
     *
     * An interrupted thread does not park, so each side clears its interrupt: the coroutine's is a
     * request to cancel, the loop's own means nothing.
     *
     * To park a virtual thread takes the more stack the deeper it is in calls, so that it may fail long
     * before the stack's end, and the turn is given away by then. Such a thread waits with its carrier, on
     * a monitor, which takes no stack.
     */
    private final Thread thread;
    private @Nullable Thread loopThread;
    private volatile boolean coroutinesTurn;
    private volatile boolean waitsOnMonitor;

    HandoffFiber(Body body) {
        super(body);
        thread =
                Thread.ofVirtual()
                        .name(body.threadName())
                        .uncaughtExceptionHandler(this)
                        .unstarted(this);
    }

    @Override
    public void run() {
        try {
            body.run();
        } finally {
            yieldTurn();
        }
    }

    private void yieldTurn() {
        Thread loop = loopThread;
        coroutinesTurn = false;
        LockSupport.unpark(loop);
    }

    @Override
    public void resume() {
        coroutinesTurn = true;
        if (loopThread == null) {
            loopThread = Thread.currentThread();
            thread.start();
        } else {
            LockSupport.unpark(thread);
            if (waitsOnMonitor) {
                endWaitOnMonitor();
            }
        }
        while (coroutinesTurn) {
            LockSupport.park(this);
            if (coroutinesTurn) {
                Thread.interrupted();
            }
        }
    }

    @Override
    public void suspend() {
        // Half a hand-over cannot be undone.
        StackRoom.ensure();
        yieldTurn();
        while (!coroutinesTurn) {
            try {
                LockSupport.park(this);
            } catch (StackOverflowError e) {
                waitOnMonitor();
            }
            if (!coroutinesTurn && Thread.interrupted()) {
                body.interrupted();
            }
        }
    }

    private synchronized void waitOnMonitor() {
        waitsOnMonitor = true;
        while (!coroutinesTurn) {
            try {
                wait();
            } catch (InterruptedException e) {
                body.interrupted();
            }
        }
        waitsOnMonitor = false;
    }

    private synchronized void endWaitOnMonitor() {
        notifyAll();
    }

    @Override
    public Thread thread() {
        return thread;
    }
}
