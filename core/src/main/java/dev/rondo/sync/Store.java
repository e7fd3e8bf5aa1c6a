package dev.rondo.sync;

import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

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
        return new Ring<>() {
            @Override
            void add(T item) {
                makeRoom();
                items[(head + size) & (items.length - 1)] = item;
                size++;
            }
        };
    }

    static <T> Store<T> lifo() {
        return new Ring<>() {
            @Override
            void add(T item) {
                makeRoom();
                head = (head - 1) & (items.length - 1);
                items[head] = item;
                size++;
            }
        };
    }

    static <T> Store<T> ordered(Comparator<? super T> order) {
        return new Ordered<>(order);
    }

    /** An ArrayDeque loses what it holds if there is no memory for it to grow; this does not. */
    private abstract static class Ring<T> extends Store<T> {
        @Nullable Object[] items = new Object[16];
        int head;
        int size;

        final void makeRoom() {
            int length = items.length;
            if (size == length) {
                @Nullable Object[] more = new Object[length * 2];
                System.arraycopy(items, head, more, 0, length - head);
                System.arraycopy(items, 0, more, length - head, head);
                items = more;
                head = 0;
            }
        }

        @Override
        @SuppressWarnings("unchecked") // only T's are put in
        @Nullable T poll() {
            T first = (T) items[head];
            if (first != null) {
                items[head] = null;
                head = (head + 1) & (items.length - 1);
                size--;
            }
            return first;
        }

        @Override
        int size() {
            return size;
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
            StackRoom.ensure();
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
