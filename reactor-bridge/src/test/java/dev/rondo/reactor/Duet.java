package dev.rondo.reactor;

import java.util.concurrent.LinkedTransferQueue;

/**
 * The loop's thread and another one, of which one runs at a time. Each can have the other do
 * something and waits for it; the other can do the same meanwhile, and so on.
 */
final class Duet implements AutoCloseable {
    /** Which of them. */
    enum Side {
        LOOP,
        OUTSIDE
    }

    /** The end of a call, and what it has thrown. */
    private record Reply(Throwable thrown) {}

    private static final Object STOP = new Object();

    private final LinkedTransferQueue<Object> toLoop = new LinkedTransferQueue<>();
    private final LinkedTransferQueue<Object> toOutside = new LinkedTransferQueue<>();
    private Side here = Side.LOOP;

    Duet() {
        Thread.ofPlatform().daemon().name("outside").start(this::serve);
    }

    private void serve() {
        try {
            for (Object next = toOutside.take(); next != STOP; next = toOutside.take()) {
                answer((Runnable) next, toLoop);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void answer(Runnable call, LinkedTransferQueue<Object> caller) {
        Throwable thrown = null;
        try {
            call.run();
        } catch (Throwable e) {
            thrown = e;
        }
        caller.add(new Reply(thrown));
    }

    /** Who runs. */
    Side here() {
        return here;
    }

    /** Has it done by that thread; returns when it has been done. */
    void on(Side side, Runnable action) {
        Side before = here;
        if (side == before) {
            action.run();
            return;
        }
        LinkedTransferQueue<Object> theirs = before == Side.LOOP ? toOutside : toLoop;
        LinkedTransferQueue<Object> mine = before == Side.LOOP ? toLoop : toOutside;
        here = side;
        theirs.add(action);
        Throwable thrown;
        try {
            Object next = mine.take();
            while (!(next instanceof Reply)) {
                answer((Runnable) next, theirs);
                next = mine.take();
            }
            thrown = ((Reply) next).thrown;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        here = before;
        if (thrown != null) {
            throw new AssertionError("on the other thread", thrown);
        }
    }

    @Override
    public void close() {
        toOutside.add(STOP);
    }
}
