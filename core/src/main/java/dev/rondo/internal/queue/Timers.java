package dev.rondo.internal.queue;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * The timers that are not due yet: a heap by due time, then by the order they were set. Each timer
 * knows its place, so that a cancelled one is taken out in O(log n) and nothing is left behind.
 */
public final class Timers {
    /*
     * Four children to a node: half the levels of two, hence half the moves, and a move is what costs
     * (memory that is not in a cache, and a reference for the garbage collector to track). Due times
     * are looked at beside the heap, not in the timers, for the same reason.
     *
     * What moves timers calls nothing while it does: wherever the stack or the memory ends, the heap is
     * as before.
     */
    static final int NOWHERE = -1;
    private static final int CHILDREN = 4;

    private @Nullable Timer[] heap = new @Nullable Timer[16];
    private long[] times = new long[16];
    private int size;
    private long sequence;

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The one that is due next. */
    public @Nullable Timer first() {
        return heap[0];
    }

    /** Sets the timer. */
    public void add(Timer timer) {
        if (size == heap.length) {
            grow();
        }
        timer.sequence = sequence;
        rise(size, timer);
        sequence++;
        size++;
    }

    private void grow() {
        @Nullable Timer[] moreHeap = Arrays.copyOf(heap, size * 2);
        times = Arrays.copyOf(times, size * 2);
        heap = moreHeap;
    }

    /** Takes the timer out if it is in. */
    public void remove(Timer timer) {
        int hole = timer.index;
        if (hole == NOWHERE) {
            return;
        }
        int end = size - 1;
        Timer last = Objects.requireNonNull(heap[end]);
        if (last != timer) {
            if (last.when < timer.when
                    || (last.when == timer.when && last.sequence < timer.sequence)) {
                rise(hole, last);
            } else {
                sink(hole, last, end);
            }
        }
        heap[end] = null;
        size = end;
        timer.index = NOWHERE;
    }

    @SuppressWarnings("NullAway") // every place below `size` is filled
    private void rise(int from, Timer timer) {
        int hole = from;
        while (hole > 0) {
            int up = (hole - 1) / CHILDREN;
            Timer above = heap[up];
            if (times[up] < timer.when
                    || (times[up] == timer.when && above.sequence < timer.sequence)) {
                break;
            }
            heap[hole] = above;
            times[hole] = times[up];
            above.index = hole;
            hole = up;
        }
        heap[hole] = timer;
        times[hole] = timer.when;
        timer.index = hole;
    }

    /**
     * @param end how many are left
     */
    @SuppressWarnings("NullAway") // every place below `size` is filled
    private void sink(int from, Timer timer, int end) {
        int hole = from;
        for (int down = CHILDREN * hole + 1; down < end; down = CHILDREN * hole + 1) {
            int least = down;
            int last = down + CHILDREN < end ? down + CHILDREN : end;
            for (int child = down + 1; child < last; child++) {
                if (times[child] < times[least]
                        || (times[child] == times[least]
                                && heap[child].sequence < heap[least].sequence)) {
                    least = child;
                }
            }
            Timer below = heap[least];
            if (timer.when < times[least]
                    || (timer.when == times[least] && timer.sequence < below.sequence)) {
                break;
            }
            heap[hole] = below;
            times[hole] = times[least];
            below.index = hole;
            hole = least;
        }
        heap[hole] = timer;
        times[hole] = timer.when;
        timer.index = hole;
    }
}
