package dev.rondo.sync;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Coroutines that wait, first come, first served. On the loop only.
 *
 * @param <V> what a waiter is served with
 */
final class Line<V extends @Nullable Object> {
    private static final int MOST_NAMES = 10;

    /*
     * A place leaves the line when it is served, or in the very call that cancels its coroutine. From
     * being served until its coroutine runs it counts in `served`, for newcomers must not overtake it. A
     * coroutine that is cancelled in that time has in its promise what it was served with, and gives it
     * back.
     */
    private @Nullable Place first;
    private @Nullable Place last;
    private int waiting;
    private int served;

    private final class Place {
        private final @Nullable Task<?> task = Async.currentTask();
        private final Promise<V> promise;
        private @Nullable Place before;
        private @Nullable Place after;
        private boolean waits;

        Place(EventLoop loop) {
            promise = loop.newPromise(this::leave);
        }

        void join() {
            Place end = last;
            before = end;
            if (end == null) {
                first = this;
            } else {
                end.after = this;
            }
            last = this;
            waits = true;
            waiting++;
        }

        /** Leaves the line if it is still in; calls nothing, which might find no stack. */
        void leave() {
            if (waits) {
                if (before == null) {
                    first = after;
                } else {
                    before.after = after;
                }
                if (after == null) {
                    last = before;
                } else {
                    after.before = before;
                }
                waits = false;
                waiting--;
            }
        }

        boolean isServed() {
            return promise.isDone() && !promise.isCancelled() && promise.exception() == null;
        }
    }

    /** Waits at the end of the line until it is served. */
    V await(EventLoop loop) {
        return await(loop, () -> {}, value -> {});
    }

    /**
     * Waits at the end of the line until it is served.
     *
     * @param joined run once the place is taken: it may serve it at once
     * @param giveBack gets what it was served with and cannot use, being cancelled
     */
    V await(EventLoop loop, Runnable joined, Consumer<? super V> giveBack) {
        StackRoom.ensure();
        Place place = new Place(loop);
        place.join();
        V value;
        try {
            joined.run();
            if (place.promise.isDone()) {
                // Served at once, but after others that have yet to run: it runs after them.
                Async.yieldNow();
            }
            value = place.promise.await();
        } catch (Throwable e) {
            if (place.waits) {
                // It could not suspend.
                place.leave();
            } else if (!place.promise.isCancelled()) {
                served--;
                if (place.isServed()) {
                    giveBack.accept(place.promise.result());
                }
            }
            throw e;
        }
        served--;
        return value;
    }

    /** Serves the first in the line; false if nobody waits. */
    boolean serveFirst(V value) {
        Place place = first;
        if (place == null) {
            return false;
        }
        // First what may find no stack or memory.
        place.promise.complete(value);
        place.leave();
        served++;
        return true;
    }

    /**
     * Fails all that wait, each with an exception of its own.
     *
     * @param message what all are told; asked for once, and only if somebody waits
     */
    void failAll(Function<String, ? extends RuntimeException> failure, Supplier<String> message) {
        if (first == null) {
            return;
        }
        String told = message.get();
        for (Place place = first; place != null; place = first) {
            place.promise.fail(failure.apply(told));
            place.leave();
            served++;
        }
    }

    /** Before something that must not end halfway: whoever waits can be served. */
    void ensureRoomToServe() {
        if (first != null) {
            StackRoom.ensure();
        }
    }

    /** How many wait. */
    int size() {
        return waiting;
    }

    /** True if a newcomer would overtake nobody. */
    boolean isIdle() {
        return served == 0 && first == null;
    }

    /** Who waits, to follow a state: the first of them; empty if nobody does. */
    String describe(String what) {
        StringBuilder text = new StringBuilder();
        int named = 0;
        for (Place place = first; place != null && named < MOST_NAMES; place = place.after) {
            text.append(named++ == 0 ? ", " + what + ": " : ", ").append(name(place.task));
        }
        return waiting > named ? text + " and " + (waiting - named) + " more" : text.toString();
    }

    static String name(@Nullable Task<?> task) {
        return task == null ? "a callback" : task.name();
    }
}
