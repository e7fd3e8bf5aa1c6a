package dev.rondo.internal.queue;

import dev.rondo.internal.fiber.StackRoom;

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
     * A stack of turns with one field that everybody swaps: put() pushes, drain() takes the whole stack
     * at once and turns it round, which gives back the order of the pushes. Closing swaps in a last turn
     * that nothing can be pushed on, so what was put is either drained or was refused, never lost. To
     * drain takes no memory, so it cannot fail halfway either.
     */
    private static final VarHandle TOP;
    private static final Turn CLOSED = Turn.of(() -> {});

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Turn.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What has become of an action that was to be put. */
    public enum Put {
        /** The inbox is closed. */
        REFUSED,
        /** The inbox was empty: whoever drains it has to be woken, for which there is room. */
        FIRST,
        /** Another has come before, and wakes whoever drains. */
        BEHIND
    }

    private volatile @Nullable Turn top;

    /**
     * Adds an action, after all that this thread has added before. One that is a {@link Turn} must
     * be in no queue.
     */
    public Put put(Runnable action) {
        Turn turn = Turn.of(action);
        while (true) {
            Turn seen = top;
            if (seen == CLOSED) {
                turn.next = null;
                return Put.REFUSED;
            }
            if (seen == null) {
                StackRoom.ensure();
            }
            turn.next = seen;
            if (TOP.compareAndSet(this, seen, turn)) {
                return seen == null ? Put.FIRST : Put.BEHIND;
            }
        }
    }

    /** True if nothing can be put any more. */
    public boolean isClosed() {
        return top == CLOSED;
    }

    /** True if there is nothing to drain. */
    public boolean isEmpty() {
        Turn seen = top;
        return seen == null || seen == CLOSED;
    }

    /** Gives what has been put so far to the taker, first put first. */
    public void drain(Consumer<? super Turn> taker) {
        if (!isEmpty()) {
            give((Turn) TOP.getAndSet(this, null), taker);
        }
    }

    /** Refuses all that comes later, if there is nothing to drain; else does nothing. */
    public boolean closeIfEmpty() {
        return TOP.compareAndSet(this, null, CLOSED);
    }

    /** Drains, and refuses all that comes later. */
    public void close(Consumer<? super Turn> taker) {
        Turn last = (Turn) TOP.getAndSet(this, CLOSED);
        if (last != CLOSED) {
            give(last, taker);
        }
    }

    private static void give(@Nullable Turn last, Consumer<? super Turn> taker) {
        Turn first = null;
        for (Turn turn = last; turn != null; ) {
            Turn below = turn.next;
            turn.next = first;
            first = turn;
            turn = below;
        }
        for (Turn turn = first; turn != null; ) {
            Turn following = turn.next;
            turn.next = null;
            taker.accept(turn);
            turn = following;
        }
    }
}
