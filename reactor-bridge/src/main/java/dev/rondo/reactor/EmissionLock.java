package dev.rondo.reactor;

import dev.rondo.sync.AsyncSemaphore;

import org.jspecify.annotations.Nullable;

/**
 * A lock that one of a loop's coroutines holds at a time, in the order they came: for those who
 * have made sure already that they are on the loop. Taking what is free costs next to nothing.
 */
final class EmissionLock {
    /*
     * What is given while coroutines wait is a permit of `line`, which the first of them has next. If none
     * of them can use it any more, each being cancelled, it lies there, and `taken` is still set: so who
     * finds that set looks for a permit. There is never more than one, and none while `taken` is not set.
     */
    private boolean taken;

    /** Made when somebody has to wait. */
    private @Nullable AsyncSemaphore line;

    /** How many are in acquire() of the line. */
    private int waiting;

    /** Takes it if it is free; never suspends. */
    boolean tryTake() {
        if (taken) {
            return line != null && line.tryAcquire();
        }
        taken = true;
        return true;
    }

    /** Takes it; suspends while another has it. */
    void take() {
        if (!tryTake()) {
            await();
        }
    }

    private void await() {
        AsyncSemaphore own = line;
        if (own == null) {
            own = new AsyncSemaphore(0);
            line = own;
        }
        waiting++;
        try {
            own.acquire();
        } finally {
            waiting--;
        }
    }

    /** Gives it to the next in the line. */
    void give() {
        // Before release(), which may find no stack: then the next that gives it serves the line.
        taken = false;
        AsyncSemaphore own = line;
        if (own != null && waiting > 0) {
            own.release();
            taken = true;
        }
    }
}
