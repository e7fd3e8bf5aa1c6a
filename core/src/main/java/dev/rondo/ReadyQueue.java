package dev.rondo;

import dev.rondo.internal.Turn;

/** What is ready to run, in its order: a list through the turns themselves. */
final class ReadyQueue {
    private final Turn head =
            new Turn() {
                @Override
                public void run() {}
            };

    /** The last turn, to which others may link what follows. */
    Turn last = head;

    boolean isEmpty() {
        return last == head;
    }

    void add(Turn turn) {
        last.next = turn;
        last = turn;
    }

    /** Takes the first; only if there is one. */
    @SuppressWarnings("NullAway") // not empty
    Turn remove() {
        Turn first = head.next;
        head.next = first.next;
        first.next = null;
        if (first == last) {
            last = head;
        }
        return first;
    }

    void clear() {
        head.next = null;
        last = head;
    }

    /** True if somebody who waited for the end of something has yet to be told. */
    boolean hasWaiters() {
        for (Turn turn = head.next; turn != null; turn = turn.next) {
            if (turn instanceof Waiter) {
                return true;
            }
        }
        return false;
    }
}
