package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The timers that are not due yet: a heap by due time, then by the order they were set. Each timer
 * knows its place, so that a cancelled one is taken out in O(log n) and nothing is left behind.
 */
final class Timers {
    /*
     * Four children to a node: half the levels of two, hence half the moves, and a move is what costs
     * (memory that is not in a cache, and a reference for the garbage collector to track). Due times
     * are looked at beside the heap, not in the timers, for the same reason.
     */
    static final int NOWHERE = -1;
    private static final int CHILDREN = 4;

    private @Nullable Timer[] heap = new @Nullable Timer[16];
    private long[] times = new long[16];
    private int size;
    private long sequence;

    int size() {
        return size;
    }

    @Nullable Timer first() {
        return heap[0];
    }

    void add(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        timer.sequence = sequence++;
        rise(size++, timer);
    }

    /** Takes the timer out if it is in. */
    void remove(Timer timer) {
        int hole = timer.index;
        if (hole == NOWHERE) {
            return;
        }
        timer.index = NOWHERE;
        Timer last = at(--size);
        heap[size] = null;
        if (last == timer) {
            return;
        }
        if (hole > 0 && isBefore(last, (hole - 1) / CHILDREN)) {
            rise(hole, last);
        } else {
            sink(hole, last);
        }
    }

    private void rise(int hole, Timer timer) {
        while (hole > 0) {
            int up = (hole - 1) / CHILDREN;
            if (!isBefore(timer, up)) {
                break;
            }
            place(hole, at(up));
            hole = up;
        }
        place(hole, timer);
    }

    private void sink(int hole, Timer timer) {
        for (int down = CHILDREN * hole + 1; down < size; down = CHILDREN * hole + 1) {
            int least = down;
            int end = Math.min(down + CHILDREN, size);
            for (int child = down + 1; child < end; child++) {
                if (times[child] < times[least]
                        || (times[child] == times[least] && isBefore(at(child), least))) {
                    least = child;
                }
            }
            if (isBefore(timer, least)) {
                break;
            }
            place(hole, at(least));
            hole = least;
        }
        place(hole, timer);
    }

    private boolean isBefore(Timer timer, int other) {
        return timer.when != times[other]
                ? timer.when < times[other]
                : timer.sequence < at(other).sequence;
    }

    private void place(int hole, Timer timer) {
        heap[hole] = timer;
        times[hole] = timer.when;
        timer.index = hole;
    }

    @SuppressWarnings("NullAway") // every place below `size` is filled
    private Timer at(int index) {
        return heap[index];
    }
}
