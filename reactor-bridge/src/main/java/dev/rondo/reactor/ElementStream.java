package dev.rondo.reactor;

import java.util.Iterator;

/**
 * A stream as an {@code Iterable} for one {@code for} loop in a coroutine, made by {@link
 * ReactorBridge#iterate}. The loop suspends while there is no element.
 *
 * @param <T> the elements
 */
public interface ElementStream<T> extends Iterable<T>, AutoCloseable {
    /**
     * Subscribes. The iterator's {@code hasNext()} suspends until an element, the end or an error
     * is there; an error is thrown after the elements that came before it, as by {@code await}. The
     * iterator is for the loop's coroutines, and for one of them at a time.
     *
     * @throws IllegalStateException the second time, or outside a coroutine
     */
    @Override
    Iterator<T> iterator();

    /**
     * Cancels the subscription and discards what has arrived and was not taken; after the end, or a
     * second time, it does nothing. The end of the task that iterates does the same. From any
     * thread.
     */
    @Override
    void close();
}
