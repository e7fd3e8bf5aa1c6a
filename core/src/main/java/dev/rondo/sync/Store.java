package dev.rondo.sync;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.TreeSet;

/** The items of a queue, in the order in which they are taken. */
abstract class Store<T> {
    Store() {}

    /** Puts an item in; if this throws, it is not in. */
    abstract void add(T item);

    /** Takes the next item; null if there is none. */
    abstract @Nullable T poll();

    abstract int size();

    static <T> Store<T> fifo() {
        return new Deque<>() {
            @Override
            void add(T item) {
                items.addLast(item);
            }
        };
    }

    static <T> Store<T> lifo() {
        return new Deque<>() {
            @Override
            void add(T item) {
                items.addFirst(item);
            }
        };
    }

    static <T> Store<T> ordered(Comparator<? super T> order) {
        return new Ordered<>(order);
    }

    private abstract static class Deque<T> extends Store<T> {
        final ArrayDeque<T> items = new ArrayDeque<>();

        @Override
        @Nullable T poll() {
            return items.pollFirst();
        }

        @Override
        int size() {
            return items.size();
        }
    }

    /**
     * A tree and no heap, for an order that throws must harm nothing: a tree asks it only to add.
     */
    private static final class Ordered<T> extends Store<T> {
        private final TreeSet<Entry<T>> items;
        private long sequence;

        private record Entry<T>(T item, long sequence) {}

        Ordered(Comparator<? super T> order) {
            items =
                    new TreeSet<>(
                            Comparator.<Entry<T>, T>comparing(Entry::item, order)
                                    .thenComparingLong(Entry::sequence));
        }

        @Override
        void add(T item) {
            items.add(new Entry<>(item, sequence++));
        }

        @Override
        @Nullable T poll() {
            Entry<T> first = items.pollFirst();
            return first == null ? null : first.item;
        }

        @Override
        int size() {
            return items.size();
        }
    }
}
