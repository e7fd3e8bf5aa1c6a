package dev.rondo.internal;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Work that other threads leave for a loop. Any thread puts, only the loop's thread takes; nobody
 * locks or waits.
 */
public final class Inbox {
    /*
     * A stack of nodes with one field that everybody swaps: put() pushes, drain() takes the whole stack
     * at once and turns it round, which gives back the order of the pushes. Closing swaps in a last node
     * that nothing can be pushed on, so what was put is either drained or was refused, never lost.
     */
    private static final VarHandle TOP;
    private static final Node CLOSED = new Node(() -> {});

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Node top;

    /**
     * Adds an action, after all that this thread has added before.
     *
     * @return false, and nothing was added, if the inbox is closed
     */
    public boolean put(Runnable action) {
        Node node = new Node(action);
        while (true) {
            Node seen = top;
            if (seen == CLOSED) {
                return false;
            }
            node.below = seen;
            if (TOP.compareAndSet(this, seen, node)) {
                return true;
            }
        }
    }

    /** True if nothing can be put any more. */
    public boolean isClosed() {
        return top == CLOSED;
    }

    /** True if there is nothing to drain. */
    public boolean isEmpty() {
        Node seen = top;
        return seen == null || seen == CLOSED;
    }

    /** Gives what has been put so far to the taker, first put first. */
    public void drain(Consumer<Runnable> taker) {
        if (!isEmpty()) {
            give((Node) TOP.getAndSet(this, null), taker);
        }
    }

    /** Refuses all that comes later, if there is nothing to drain; else does nothing. */
    public boolean closeIfEmpty() {
        return TOP.compareAndSet(this, null, CLOSED);
    }

    /** Drains, and refuses all that comes later. */
    public void close(Consumer<Runnable> taker) {
        Node last = (Node) TOP.getAndSet(this, CLOSED);
        if (last != CLOSED) {
            give(last, taker);
        }
    }

    private static void give(@Nullable Node last, Consumer<Runnable> taker) {
        Node first = null;
        for (Node node = last; node != null; ) {
            Node below = node.below;
            node.below = first;
            first = node;
            node = below;
        }
        for (Node node = first; node != null; node = node.below) {
            taker.accept(node.action);
        }
    }

    private static final class Node {
        final Runnable action;
        @Nullable Node below;

        Node(Runnable action) {
            this.action = action;
        }
    }
}
