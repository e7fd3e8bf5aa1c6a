package dev.rondo.internal.queue;

/** What is ready to run, in its order: a list through the turns themselves. */
public final class ReadyQueue {
    private final Turn head =
            new Turn() {
                @Override
                public void run() {}
            };

    /** The last turn, to which others may link what follows. */
    public Turn last = head;

    /** True if nothing is ready. */
    public boolean isEmpty() {
        return last == head;
    }

    /** Adds a turn that is in no queue. */
    public void add(Turn turn) {
        last.next = turn;
        last = turn;
    }

    /** Takes the first; only if there is one. */
    @SuppressWarnings("NullAway") // not empty
    public Turn remove() {
        Turn first = head.next;
        head.next = first.next;
        first.next = null;
        if (first == last) {
            last = head;
        }
        return first;
    }

    /** Drops all. */
    public void clear() {
        head.next = null;
        last = head;
    }

    /** True if any is of the type. */
    public boolean contains(Class<? extends Turn> type) {
        for (Turn turn = head.next; turn != null; turn = turn.next) {
            if (type.isInstance(turn)) {
                return true;
            }
        }
        return false;
    }
}
