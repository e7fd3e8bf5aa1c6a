package dev.rondo.sync;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Coroutines that wait, first come, first served. On the loop only.
 *
 * @param <V> what a waiter is served with
 */
final class Line<V extends @Nullable Object> {
    private static final int MOST_NAMES = 10;

    /*
     * A place leaves `waiting` when it is served, or in the very call that cancels its coroutine. From
     * being served until its coroutine runs it counts in `served`, for newcomers must not overtake it. A
     * coroutine that is cancelled in that time has in its promise what it was served with, and gives it
     * back.
     */
    private final Set<Place> waiting = new LinkedHashSet<>();
    private int served;

    private final class Place {
        private final @Nullable Task<?> task = Async.currentTask();
        private final Promise<V> promise;

        Place(EventLoop loop) {
            promise = loop.newPromise(() -> waiting.remove(this));
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
        Place place = new Place(loop);
        waiting.add(place);
        V value;
        try {
            joined.run();
            if (place.promise.isDone()) {
                // Served at once, but after others that have yet to run: it runs after them.
                Async.yieldNow();
            }
            value = place.promise.await();
        } catch (Throwable e) {
            if (!waiting.remove(place) && !place.promise.isCancelled()) {
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
        Place first = takeFirst();
        if (first == null) {
            return false;
        }
        first.promise.complete(value);
        return true;
    }

    /**
     * Fails all that wait, each with an exception of its own.
     *
     * @param message what all are told; asked for once, and only if somebody waits
     */
    void failAll(Function<String, ? extends RuntimeException> failure, Supplier<String> message) {
        if (waiting.isEmpty()) {
            return;
        }
        String told = message.get();
        for (Place first = takeFirst(); first != null; first = takeFirst()) {
            first.promise.fail(failure.apply(told));
        }
    }

    private @Nullable Place takeFirst() {
        Iterator<Place> places = waiting.iterator();
        if (!places.hasNext()) {
            return null;
        }
        Place first = places.next();
        places.remove();
        served++;
        return first;
    }

    /** How many wait. */
    int size() {
        return waiting.size();
    }

    /** True if a newcomer would overtake nobody. */
    boolean isIdle() {
        return served == 0 && waiting.isEmpty();
    }

    /** Who waits, to follow a state: the first of them; empty if nobody does. */
    String describe(String what) {
        int more = waiting.size() - MOST_NAMES;
        return waiting.isEmpty()
                ? ""
                : waiting.stream()
                        .limit(MOST_NAMES)
                        .map(place -> name(place.task))
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        ", " + what + ": ",
                                        more > 0 ? " and " + more + " more" : ""));
    }

    static String name(@Nullable Task<?> task) {
        return task == null ? "a callback" : task.name();
    }
}
