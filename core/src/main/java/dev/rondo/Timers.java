package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The timers that are not due yet: a binary heap by due time, then by the order they were set. Each
 * timer knows its place, so that a cancelled one is taken out in O(log n) and nothing is left
 * behind.
 */
final class Timers {
    static final int NOWHERE = -1;

    private @Nullable Timer[] heap = new @Nullable Timer[16];
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
        if (hole > 0 && last.isBefore(at((hole - 1) / 2))) {
            rise(hole, last);
        } else {
            sink(hole, last);
        }
    }

    private void rise(int hole, Timer timer) {
        while (hole > 0) {
            int up = (hole - 1) / 2;
            Timer parent = at(up);
            if (!timer.isBefore(parent)) {
                break;
            }
            place(hole, parent);
            hole = up;
        }
        place(hole, timer);
    }

    private void sink(int hole, Timer timer) {
        for (int down = 2 * hole + 1; down < size; down = 2 * hole + 1) {
            if (down + 1 < size && at(down + 1).isBefore(at(down))) {
                down++;
            }
            Timer child = at(down);
            if (!child.isBefore(timer)) {
                break;
            }
            place(hole, child);
            hole = down;
        }
        place(hole, timer);
    }

    private void place(int hole, Timer timer) {
        heap[hole] = timer;
        timer.index = hole;
    }

    @SuppressWarnings("NullAway") // every place below `size` is filled
    private Timer at(int index) {
        return heap[index];
    }
}
