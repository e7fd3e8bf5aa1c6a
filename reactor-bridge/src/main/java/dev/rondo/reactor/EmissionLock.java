package dev.rondo.reactor;

import dev.rondo.EventLoop;
import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * A lock that one of a loop's coroutines holds at a time, in the order they came: for those who
 * have made sure already that they are on the loop. Taking what is free costs next to nothing.
 */
final class EmissionLock {
    /*
     * While nobody has it, nobody waits: it is given to the first in the line. A promise in the line
     * that was cancelled is passed over when its time comes.
     */
    private boolean taken;
    private @Nullable ArrayDeque<Promise<@Nullable Object>> line;

    /** Takes it if it is free; never suspends. */
    boolean tryTake() {
        if (taken) {
            return false;
        }
        taken = true;
        return true;
    }

    /** Takes it; suspends while another has it. */
    void take(EventLoop loop) {
        if (!tryTake()) {
            await(loop);
        }
    }

    private void await(EventLoop loop) {
        Promise<@Nullable Object> given = loop.newPromise();
        ArrayDeque<Promise<@Nullable Object>> waiting = line;
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            line = waiting;
        }
        waiting.add(given);
        try {
            given.await();
        } catch (Throwable e) {
            given.cancel();
            if (!given.isCancelled()) {
                // It was given to one that cannot use it.
                give();
            }
            throw e;
        }
    }

    /** Gives it to the next in the line. */
    void give() {
        ArrayDeque<Promise<@Nullable Object>> waiting = line;
        if (waiting != null) {
            for (var next = waiting.poll(); next != null; next = waiting.poll()) {
                if (next.tryComplete(null)) {
                    return;
                }
            }
        }
        taken = false;
    }
}
