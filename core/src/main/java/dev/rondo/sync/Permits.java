package dev.rondo.sync;

import dev.rondo.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A number of permits and the line of those who want one. A permit that comes back goes straight to
 * the first in the line.
 */
final class Permits {
    private final Line<@Nullable Object> line = new Line<>();
    private long free;

    Permits(long free) {
        this.free = free;
    }

    /** Takes one if nobody is before the caller; never suspends. */
    boolean tryAcquire() {
        if (!isFree()) {
            return false;
        }
        free--;
        return true;
    }

    /** Takes one; suspends while there is none, or others are before the caller. */
    void acquire(EventLoop loop) {
        if (!tryAcquire()) {
            // One may be free if those before the caller have been served and have yet to run.
            line.await(loop, this::handOut, permit -> release());
        }
    }

    /** Gives one to the first in the line, else puts it back: wholly or, failing, not at all. */
    void release() {
        if (!line.serveFirst(null)) {
            free++;
        }
    }

    private void handOut() {
        while (free > 0 && line.serveFirst(null)) {
            free--;
        }
    }

    /** Before something that must not end halfway and includes a {@link #release}. */
    void ensureRoomToServe() {
        line.ensureRoomToServe();
    }

    /** Fails all that wait, as {@link Line#failAll}. */
    void failAll(Function<String, ? extends RuntimeException> failure, Supplier<String> message) {
        line.failAll(failure, message);
    }

    /** True if {@link #acquire} would not suspend. */
    boolean isFree() {
        return free > 0 && line.isIdle();
    }

    /** True if nobody waits, or has yet to run with one. */
    boolean isIdle() {
        return line.isIdle();
    }

    /** How many are nobody's. */
    long free() {
        return free;
    }

    /** Takes all that are nobody's. */
    void drain() {
        free = 0;
    }

    String describeWaiters(String what) {
        return line.describe(what);
    }
}
