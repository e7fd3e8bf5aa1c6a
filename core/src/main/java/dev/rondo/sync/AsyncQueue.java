package dev.rondo.sync;

import dev.rondo.EventLoop;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Passes items from coroutines of a loop to others. A bounded one makes those who put wait while it
 * is full. First in, first out; or {@link #lifo last in, first out}; or by {@link #priority}. As
 * asyncio's {@code Queue}, {@code LifoQueue} and {@code PriorityQueue}.
 *
 * <p>An operation that is cancelled has not happened: what a cancelled {@link #get} had been
 * promised stays in the queue, at its place, and what a cancelled {@link #put} brought is not in
 * it.
 *
 * <p>Iterating gets one item after another, and ends when the queue is shut down and empty:
 *
 * <pre>{@code
 * for (Order order : queue) {   // suspends while the queue is empty
 *     handle(order);
 *     queue.taskDone();
 * }
 * }</pre>
 *
 * @param <T> the items; null is none
 */
public final class AsyncQueue<T> extends LoopBound implements Iterable<T> {
    /*
     * An item in `items` is one permit of `toGet`, a place for one more is one permit of `toPut`. Who
     * gets takes a permit, then an item; who puts, likewise; so a permit that was handed to a coroutine
     * which is then cancelled is an item, or a place, that goes to the next in the line.
     *
     * So of a queue that is shut down, nobody is told that nothing is left while an item is in, be it
     * promised to somebody: that one may be cancelled yet.
     */
    private static final long UNBOUNDED = Long.MAX_VALUE >> 1;

    private final Store<T> items;
    private final long capacity;
    private final Permits toGet = new Permits(0);
    private final Permits toPut;
    private final Line<@Nullable Object> joining = new Line<>();
    private long unfinished;
    private boolean shutDown;

    /**
     * First in, first out.
     *
     * @param capacity how many items it holds at most
     * @throws IllegalArgumentException if not positive
     */
    public AsyncQueue(int capacity) {
        this(checked(capacity), Store.fifo());
    }

    private AsyncQueue(long capacity, Store<T> items) {
        this.capacity = capacity;
        this.items = items;
        toPut = new Permits(capacity);
    }

    private static int checked(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "A queue cannot have a capacity of "
                            + capacity
                            + "; for one without a bound, AsyncQueue.unbounded()");
        }
        return capacity;
    }

    /** First in, first out, without a bound: putting never waits. */
    public static <T> AsyncQueue<T> unbounded() {
        return new AsyncQueue<>(UNBOUNDED, Store.fifo());
    }

    /**
     * Last in, first out.
     *
     * @throws IllegalArgumentException if the capacity is not positive
     */
    public static <T> AsyncQueue<T> lifo(int capacity) {
        return new AsyncQueue<>(checked(capacity), Store.lifo());
    }

    /** Last in, first out, without a bound: putting never waits. */
    public static <T> AsyncQueue<T> lifo() {
        return new AsyncQueue<>(UNBOUNDED, Store.lifo());
    }

    /**
     * The least item by the given order comes first; of equal ones, the one that was put first.
     *
     * @throws IllegalArgumentException if the capacity is not positive
     */
    public static <T> AsyncQueue<T> priority(int capacity, Comparator<? super T> order) {
        return new AsyncQueue<>(
                checked(capacity), Store.ordered(Objects.requireNonNull(order, "order")));
    }

    /** As {@link #priority(int, Comparator)}, without a bound: putting never waits. */
    public static <T> AsyncQueue<T> priority(Comparator<? super T> order) {
        return new AsyncQueue<>(UNBOUNDED, Store.ordered(Objects.requireNonNull(order, "order")));
    }

    /**
     * Puts an item in; suspends while the queue is full, or others wait to put.
     *
     * @throws NullPointerException if the item is null
     * @throws AsyncQueueShutDownException if the queue is shut down, also while this waits
     * @throws RuntimeException what a priority queue's order throws; then the item is not in
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     then the item is not in
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public void put(T item) {
        Objects.requireNonNull(item, "item");
        EventLoop loop = enterToWait();
        checkOpen();
        toGet.ensureRoomToServe();
        toPut.acquire(loop);
        checkOpen();
        add(item);
    }

    /**
     * Puts an item in if {@link #put} would not suspend.
     *
     * @return whether it is in
     * @throws NullPointerException if the item is null
     * @throws AsyncQueueShutDownException if the queue is shut down
     * @throws IllegalStateException on another loop or a plain thread
     */
    public boolean tryPut(T item) {
        Objects.requireNonNull(item, "item");
        enter();
        checkOpen();
        toGet.ensureRoomToServe();
        if (!toPut.tryAcquire()) {
            return false;
        }
        add(item);
        return true;
    }

    private void add(T item) {
        try {
            items.add(item);
        } catch (Throwable e) {
            toPut.release();
            throw e;
        }
        unfinished++;
        toGet.release();
    }

    private void checkOpen() {
        if (shutDown) {
            throw new AsyncQueueShutDownException(this + " takes nothing more");
        }
    }

    /**
     * Takes the next item; suspends while the queue is empty, or others wait to get.
     *
     * @throws AsyncQueueShutDownException if the queue is shut down and empty, also while this
     *     waits
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits;
     *     then it takes nothing
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public T get() {
        EventLoop loop = enterToWait();
        if (shutDown && size() == 0) {
            throw nothingLeft();
        }
        toPut.ensureRoomToServe();
        toGet.acquire(loop);
        T item = take();
        if (item == null) {
            // It was promised one when shutdown(true) dropped all.
            throw nothingLeft();
        }
        return item;
    }

    /**
     * Takes the next item if {@link #get} would not suspend.
     *
     * @return null if there is none
     * @throws IllegalStateException on another loop or a plain thread
     */
    public @Nullable T tryGet() {
        enter();
        toPut.ensureRoomToServe();
        return toGet.tryAcquire() ? take() : null;
    }

    private @Nullable T take() {
        T item = items.poll();
        if (item != null) {
            toPut.release();
            tellIfNothingIsLeft();
        }
        return item;
    }

    private void tellIfNothingIsLeft() {
        if (shutDown && size() == 0) {
            toGet.failAll(AsyncQueueShutDownException::new, () -> this + " has nothing left");
        }
    }

    private AsyncQueueShutDownException nothingLeft() {
        return new AsyncQueueShutDownException(this + " has nothing left");
    }

    /** How many items are in, those promised to a coroutine that has yet to run too. */
    public int size() {
        return items.size();
    }

    /**
     * Says that the work on an item that was taken is done: {@link #join} waits for one for every
     * item that was put. Never suspends.
     *
     * @throws IllegalStateException if there were as many already, or on another loop or a plain
     *     thread
     */
    public void taskDone() {
        enter();
        if (unfinished == 0) {
            throw new IllegalStateException(
                    "taskDone() was called more often than items were put into " + this);
        }
        finished(1);
    }

    private void finished(int count) {
        if (unfinished == count) {
            joining.ensureRoomToServe();
            while (joining.serveFirst(null)) {}
        }
        unfinished -= count;
    }

    /**
     * Waits until {@link #taskDone} has been called for every item that was put; does not suspend
     * if it has.
     *
     * @throws java.util.concurrent.CancellationException if the task is cancelled while it waits
     * @throws IllegalStateException outside a coroutine of its loop
     */
    public void join() {
        EventLoop loop = enterToWait();
        if (unfinished > 0) {
            joining.await(loop);
        }
    }

    /** As {@link #shutdown(boolean)}, and what is in can still be taken. */
    public void shutdown() {
        shutdown(false);
    }

    /**
     * Refuses items from now on. Those who wait to put, and those who wait to get what will never
     * come, get an {@link AsyncQueueShutDownException}; iterations end when nothing is left. Never
     * suspends; a second call may drop what the first has left.
     *
     * @param immediate drop what is in, and count it as done
     * @throws IllegalStateException on another loop or a plain thread
     */
    public void shutdown(boolean immediate) {
        enter();
        StackRoom.ensure();
        shutDown = true;
        if (immediate) {
            int dropped = items.size();
            while (items.poll() != null) {}
            toGet.drain();
            finished(dropped);
        }
        tellIfNothingIsLeft();
        toPut.failAll(AsyncQueueShutDownException::new, () -> this + " takes nothing more");
    }

    /** True once {@link #shutdown} was called. */
    public boolean isShutDown() {
        return shutDown;
    }

    /**
     * Items as they come, until the queue is shut down and empty. {@code hasNext()} takes one, and
     * suspends for it as {@link #get}; any number of coroutines may iterate at once, each item goes
     * to one of them.
     */
    @Override
    public Iterator<T> iterator() {
        return new Items();
    }

    /** What is in stays in: items are nobody's until they are taken. */
    @Override
    boolean isUnused() {
        return toGet.isIdle() && toPut.isIdle() && joining.isIdle();
    }

    @Override
    String state() {
        return size()
                + (capacity == UNBOUNDED ? "" : " of " + capacity)
                + (unfinished == 0 ? "" : ", " + unfinished + " unfinished")
                + (shutDown ? ", shut down" : "")
                + toGet.describeWaiters("getting")
                + toPut.describeWaiters("putting");
    }

    private final class Items implements Iterator<T> {
        private @Nullable T taken;

        @Override
        public boolean hasNext() {
            if (taken == null) {
                try {
                    taken = get();
                } catch (AsyncQueueShutDownException e) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public T next() {
            if (!hasNext() || taken == null) {
                throw new NoSuchElementException(AsyncQueue.this + " has nothing left");
            }
            T item = taken;
            taken = null;
            return item;
        }
    }
}
