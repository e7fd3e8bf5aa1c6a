package dev.rondo.internal;

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
     */
    private static final int STACK_FRAMES = 64;

    private final Thread thread;
    private @Nullable Thread loopThread;
    private volatile boolean coroutinesTurn;

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
        }
        while (coroutinesTurn) {
            LockSupport.park(this);
            if (coroutinesTurn) {
                Thread.interrupted();
            }
        }
    }

    /**
     * Fails, if the stack ends here, before the turn is given away: half a hand-over cannot be
     * undone.
     */
    private static int probeStack(int depth) {
        return depth == 0 ? 0 : probeStack(depth - 1) + 1;
    }

    @Override
    public void suspend() {
        if (probeStack(STACK_FRAMES) < STACK_FRAMES) {
            throw new AssertionError();
        }
        yieldTurn();
        while (!coroutinesTurn) {
            LockSupport.park(this);
            if (!coroutinesTurn && Thread.interrupted()) {
                body.interrupted();
            }
        }
    }

    @Override
    public Thread thread() {
        return thread;
    }
}
