package dev.rondo.sync;

import static dev.rondo.Async.*;
import static dev.rondo.sync.Interleavings.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.function.Supplier;

/**
 * Every primitive, in all orders of what a few coroutines do with it, with cancels and timeouts at
 * every moment: also between being served and running. Two naive twins show what it finds.
 */
class InterleavingTest {
    private static void report(String what, long interleavings) {
        System.out.printf("%s: %d interleavings%n", what, interleavings);
        assertThat(interleavings).isGreaterThan(5_000);
    }

    // Locks.

    private interface Mutex {
        void acquire();

        void release();

        boolean locked();
    }

    private static Mutex mutex(AsyncLock lock) {
        return new Mutex() {
            @Override
            public void acquire() {
                lock.acquire();
            }

            @Override
            public void release() {
                lock.release();
            }

            @Override
            public boolean locked() {
                return lock.locked();
            }
        };
    }

    private static final class ThreeAtALock extends Program {
        private final Mutex lock;
        private int inside;

        ThreeAtALock(Mutex lock, boolean timed) {
            this.lock = lock;
            actor("a", me -> enter(me, lock::acquire));
            actor("a", me -> enter(me, lock::acquire));
            if (timed) {
                actor("t", me -> enter(me, () -> withinASecond(lock::acquire)));
            } else {
                actor("a", me -> enter(me, lock::acquire));
            }
        }

        private void enter(Actor me, Action acquire) throws Exception {
            me.step();
            inLine(me, "line", acquire);
            inside++;
            try {
                me.step();
            } finally {
                inside--;
                lock.release();
            }
        }

        @Override
        void always() {
            require(inside <= 1, inside + " hold the lock");
            require(inside == 0 || lock.locked(), "a lock that is held says it is free");
        }

        @Override
        void atRest() {
            require(lock.locked() == (inside == 1), "nobody holds a lock that is not free");
            require(lock.locked() || in("line").isEmpty(), in("line") + " wait for a free lock");
        }

        @Override
        void atEnd() {
            require(!lock.locked(), "the lock is not free");
        }
    }

    @Test
    void lock() {
        report(
                "AsyncLock",
                explore(() -> new ThreeAtALock(mutex(new AsyncLock()), false), 2, 3, false)
                        + explore(
                                () -> new ThreeAtALock(mutex(new AsyncLock()), true), 1, 2, true));
    }

    /** Wakes the first that waits and leaves the lock to whoever comes first. */
    private static final class NaiveLock implements Mutex {
        private final Deque<Promise<Integer>> waiting = new ArrayDeque<>();
        private boolean locked;

        @Override
        public void acquire() {
            while (locked) {
                Promise<Integer> woken = currentLoop().newPromise();
                waiting.add(woken);
                woken.await();
            }
            locked = true;
        }

        @Override
        public void release() {
            locked = false;
            for (Promise<Integer> next = waiting.poll(); next != null; next = waiting.poll()) {
                if (next.tryComplete(1)) {
                    return;
                }
            }
        }

        @Override
        public boolean locked() {
            return locked;
        }
    }

    @Test
    void aLockThatIsNotHandedOver_isOvertaken_andLosesAWakeupToACancel() {
        assertThatThrownBy(
                        () -> explore(() -> new ThreeAtALock(new NaiveLock(), false), 0, 3, false))
                .isInstanceOf(Violation.class)
                .hasStackTraceContaining("overtook");
        Supplier<Program> withoutOrder =
                () ->
                        new Program() {
                            private final NaiveLock lock = new NaiveLock();

                            {
                                for (int i = 0; i < 3; i++) {
                                    actor("a", this::enter);
                                }
                            }

                            private void enter(Actor me) {
                                me.step();
                                lock.acquire();
                                try {
                                    me.step();
                                } finally {
                                    lock.release();
                                }
                            }

                            @Override
                            void atRest() {
                                require(
                                        lock.locked() || lock.waiting.isEmpty(),
                                        "somebody waits for a free lock");
                            }

                            @Override
                            void atEnd() {}
                        };
        assertThatThrownBy(() -> explore(withoutOrder, 1, 3, false))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("cancel")
                .hasStackTraceContaining("somebody waits for a free lock");
    }

    // Semaphores.

    private static final class FourAtASemaphore extends Program {
        private final AsyncSemaphore semaphore = AsyncSemaphore.bounded(2);
        private int inside;

        FourAtASemaphore(boolean timed) {
            for (int i = 0; i < 3; i++) {
                actor("a", me -> enter(me, semaphore::acquire));
            }
            if (timed) {
                actor("t", me -> enter(me, () -> withinASecond(semaphore::acquire)));
            } else {
                actor("a", me -> enter(me, semaphore::acquire));
            }
        }

        private void enter(Actor me, Action acquire) throws Exception {
            me.step();
            inLine(me, "line", acquire);
            inside++;
            try {
                me.step();
            } finally {
                inside--;
                semaphore.release();
            }
        }

        @Override
        void always() {
            require(inside <= 2, inside + " have one of two permits");
            require(inside < 2 || semaphore.locked(), "no permit is left, and it is not locked");
        }

        @Override
        void atRest() {
            require(semaphore.locked() == (inside == 2), "a permit is lost or doubled");
            require(inside == 2 || in("line").isEmpty(), in("line") + " wait for a free permit");
        }

        @Override
        void atEnd() {
            require(semaphore.tryAcquire() && semaphore.tryAcquire(), "a permit is lost");
            require(!semaphore.tryAcquire(), "a permit is doubled");
        }
    }

    /** Two permits come in one turn, to those who wait and to whoever comes by. */
    private static final class TwoReleasesAtOnce extends Program {
        private final AsyncSemaphore semaphore = new AsyncSemaphore(0);
        private int left;

        TwoReleasesAtOnce() {
            for (int i = 0; i < 3; i++) {
                actor("a", this::take);
            }
            actor(
                    "r",
                    me -> {
                        me.step();
                        for (int i = 0; i < 2; i++) {
                            left++;
                            semaphore.release();
                        }
                        me.step();
                        left++;
                        semaphore.release();
                    });
        }

        private void take(Actor me) throws Exception {
            me.step();
            inLine(me, "line", () -> withinASecond(semaphore::acquire));
            left--;
        }

        @Override
        void always() {
            require(left >= 0, "a permit is doubled");
        }

        @Override
        void atRest() {
            require(left == 0 || in("line").isEmpty(), in("line") + " wait for a free permit");
            require(semaphore.locked() == (left == 0), "a permit is lost");
        }

        @Override
        void atEnd() {
            for (; left > 0; left--) {
                require(semaphore.tryAcquire(), "a permit is lost");
            }
            require(!semaphore.tryAcquire(), "a permit is doubled");
        }
    }

    @Test
    void semaphore() {
        report(
                "AsyncSemaphore",
                explore(() -> new FourAtASemaphore(false), 1, 1, false)
                        + explore(() -> new FourAtASemaphore(true), 0, 1, true)
                        + explore(TwoReleasesAtOnce::new, 1, 2, true));
    }

    // Events.

    private static final class ThreeAtAnEvent extends Program {
        private final AsyncEvent event = new AsyncEvent();
        private final Set<Actor> promised = new HashSet<>();

        ThreeAtAnEvent() {
            actor("w", me -> waitFor(me, event::await));
            actor("w", me -> waitFor(me, event::await));
            actor("t", me -> waitFor(me, () -> withinASecond(event::await)));
            actor(
                    "s",
                    me -> {
                        me.step();
                        set();
                        event.clear();
                        me.step();
                        set();
                    });
        }

        private void set() {
            promised.addAll(in("line"));
            event.set();
        }

        private void waitFor(Actor me, Action await) throws Exception {
            me.step();
            boolean passes = event.isSet();
            if (passes) {
                // It runs before those who were woken and have yet to run: that is no overtaking.
                await.run();
            } else {
                try {
                    inLine(me, "line", await);
                } finally {
                    promised.remove(me);
                }
            }
        }

        @Override
        void atRest() {
            require(promised.isEmpty(), promised + " were there when it was set, and wait still");
            require(!event.isSet() || in("line").isEmpty(), in("line") + " wait though it is set");
        }

        @Override
        void atEnd() {
            require(event.toString().endsWith("set]"), "somebody is left behind: " + event);
        }
    }

    @Test
    void event() {
        report("AsyncEvent", explore(ThreeAtAnEvent::new, 1, 2, true));
    }

    // Conditions.

    /** Items under a condition: two take one each, one brings two. */
    private static final class ItemsUnderACondition extends Program {
        private final AsyncCondition condition = new AsyncCondition();
        private int items;
        private int inside;

        ItemsUnderACondition(boolean timed) {
            actor("c", me -> consume(me, () -> condition.awaitUntil(() -> items > 0)));
            if (timed) {
                actor(
                        "t",
                        me ->
                                consume(
                                        me,
                                        () ->
                                                withinASecond(() ->
                                                        condition.awaitUntil(() -> items > 0))));
            } else {
                actor("c", me -> consume(me, () -> condition.awaitUntil(() -> items > 0)));
            }
            actor(
                    "p",
                    me -> {
                        for (int i = 0; i < 2; i++) {
                            me.step();
                            condition.with(() -> {
                                enter();
                                items++;
                                condition.signal();
                                inside--;
                            });
                        }
                    });
            actor(
                    "h",
                    me -> {
                        me.step();
                        condition.with(() -> {
                            enter();
                            try {
                                me.step();
                            } finally {
                                inside--;
                            }
                        });
                    });
        }

        private void enter() {
            inside++;
            require(inside == 1, "two hold the lock");
        }

        private void consume(Actor me, Action await) throws Exception {
            me.step();
            condition.with(() -> {
                try {
                    // One that comes by may get the lock, and the item, before one that was
                    // signalled.
                    among(me, "line", await);
                    items--;
                } finally {
                    // However the waiting ends, the lock is held.
                    enter();
                    inside--;
                }
            });
        }

        @Override
        void always() {
            require(items >= 0, "an item was taken twice");
        }

        @Override
        void atRest() {
            require(condition.locked() == (inside == 1), "nobody holds a lock that is not free");
            require(
                    condition.locked() || items == 0 || in("line").isEmpty(),
                    in("line") + " wait while there are " + items + " items");
        }

        @Override
        void atEnd() {
            require(
                    condition.toString().equals("AsyncCondition[AsyncLock[free]]"),
                    "not as it was: " + condition);
        }
    }

    @Test
    void condition() {
        report(
                "AsyncCondition",
                explore(() -> new ItemsUnderACondition(false), 1, 2, false)
                        + explore(() -> new ItemsUnderACondition(true), 1, 1, true)
                        + explore(() -> new ItemsUnderACondition(false), 2, 1, false));
    }

    // Barriers.

    private static final class FourAtABarrier extends Program {
        private static final int PARTIES = 2;

        private final AsyncBarrier barrier = new AsyncBarrier(PARTIES);
        private final int[] given = new int[PARTIES];
        private boolean aborted;

        FourAtABarrier(boolean timed, boolean reset) {
            for (int i = 0; i < (reset ? 3 : 4); i++) {
                if (timed && i == 0) {
                    actor("t", me -> arrive(me, () -> withinASecond(() -> pass(me))));
                } else {
                    actor("a", me -> arrive(me, () -> pass(me)));
                }
            }
            if (reset) {
                actor(
                        "r",
                        me -> {
                            me.step();
                            aborted = true;
                            barrier.abort();
                            me.step();
                            barrier.reset();
                        });
            }
        }

        private void arrive(Actor me, Action pass) throws Exception {
            me.step();
            try {
                pass.run();
            } catch (AsyncBrokenBarrierException e) {
                require(aborted, "broken though nobody has broken it");
            }
        }

        private void pass(Actor me) throws Exception {
            among(
                    me,
                    "line",
                    () -> {
                        int place = barrier.await();
                        given[place]++;
                    });
        }

        @Override
        void always() {
            require(barrier.waiting() < PARTIES, "a full round waits");
        }

        @Override
        void atRest() {
            List<Actor> waiting = in("line");
            require(waiting.size() == barrier.waiting(), waiting + " wait at " + barrier);
            require(!barrier.isBroken() || waiting.isEmpty(), waiting + " wait at a broken one");
            // The last of a round is never cancelled at its await: it does not suspend.
            require(given[0] <= given[1], "a place was given twice: " + Arrays.toString(given));
        }

        @Override
        void atEnd() {
            require(barrier.waiting() == 0, "somebody is left behind: " + barrier);
        }
    }

    @Test
    void barrier() {
        report(
                "AsyncBarrier",
                explore(() -> new FourAtABarrier(false, false), 2, 3, false)
                        + explore(() -> new FourAtABarrier(true, false), 1, 3, true)
                        + explore(() -> new FourAtABarrier(false, true), 1, 3, false));
    }

    // Queues.

    /** Two put three items into a queue for one, two take them. */
    private static final class PutsAndGets extends Program {
        private final AsyncQueue<Integer> queue;
        private final int capacity;
        private final List<Integer> put = new ArrayList<>();
        private final List<Integer> got = new ArrayList<>();

        PutsAndGets(AsyncQueue<Integer> queue, int capacity, boolean timed) {
            this.queue = queue;
            this.capacity = capacity;
            actor(
                    "p",
                    me -> {
                        put(me, 1, timed);
                        put(me, 2, timed);
                    });
            actor("q", me -> put(me, 3, false));
            actor("g", me -> get(me, false));
            actor(timed ? "t" : "g", me -> get(me, timed));
        }

        private void put(Actor me, int item, boolean timed) throws Exception {
            me.step();
            Action operation =
                    () -> {
                        queue.put(item);
                        put.add(item);
                    };
            inLine(me, "putting", timed ? () -> withinASecond(operation) : operation);
        }

        private void get(Actor me, boolean timed) throws Exception {
            me.step();
            Action operation = () -> got.add(queue.get());
            inLine(me, "getting", timed ? () -> withinASecond(operation) : operation);
        }

        @Override
        void always() {
            require(queue.size() <= capacity, "too many items");
            require(queue.size() == put.size() - got.size(), "an item is lost or doubled");
            require(
                    got.size() <= put.size() && put.subList(0, got.size()).equals(got),
                    "put " + put + ", got " + got);
        }

        @Override
        void atRest() {
            require(queue.size() == 0 || in("getting").isEmpty(), in("getting") + " starve");
            require(
                    queue.size() == capacity || in("putting").isEmpty(),
                    in("putting") + " wait for a place that is free");
        }

        @Override
        void atEnd() {
            for (Integer item = queue.tryGet(); item != null; item = queue.tryGet()) {
                got.add(item);
            }
            require(put.equals(got), "put " + put + ", got " + got);
        }
    }

    /** Two iterate, one puts two items, one shuts down at some time. */
    private static final class ShutDown extends Program {
        private final AsyncQueue<Integer> queue = new AsyncQueue<>(1);
        private final List<Integer> put = new ArrayList<>();
        private final List<Integer> got = new ArrayList<>();
        private final boolean immediate;
        private int dropped;

        ShutDown(boolean immediate) {
            this.immediate = immediate;
            actor("i", this::iterate);
            actor("i", this::iterate);
            actor(
                    "p",
                    me -> {
                        try {
                            for (int item = 1; item <= 2; item++) {
                                me.step();
                                queue.put(item);
                                put.add(item);
                                require(
                                        !queue.isShutDown(),
                                        "a queue that is shut down took an item");
                            }
                        } catch (AsyncQueueShutDownException e) {
                            require(queue.isShutDown(), "refused too early");
                        }
                    });
            actor(
                    "s",
                    me -> {
                        me.step();
                        dropped = immediate ? queue.size() : 0;
                        queue.shutdown(immediate);
                    });
        }

        private void iterate(Actor me) {
            me.step();
            for (int item : queue) {
                got.add(item);
                queue.taskDone();
            }
            require(queue.isShutDown(), "the iteration ended too early");
        }

        @Override
        void always() {
            require(
                    got.size() + dropped + queue.size() == put.size(),
                    "put " + put + ", got " + got + ", dropped " + dropped);
        }

        @Override
        void atRest() {
            require(
                    !queue.isShutDown() || !queue.toString().contains("ting:"),
                    "somebody waits at " + queue);
        }

        @Override
        void atEnd() {
            while (queue.tryGet() != null) {
                got.add(0);
                queue.taskDone();
            }
            require(immediate || got.size() == put.size(), "an item is lost");
            require(refuses(queue::taskDone), "an item is not done: " + queue);
        }
    }

    @Test
    void queue() {
        report(
                "AsyncQueue",
                explore(() -> new PutsAndGets(new AsyncQueue<>(1), 1, false), 1, 3, false)
                        + explore(() -> new PutsAndGets(new AsyncQueue<>(2), 2, true), 1, 2, true)
                        + explore(() -> new ShutDown(false), 1, 2, false)
                        + explore(() -> new ShutDown(true), 1, 2, false));
    }

    /** Gives what is put to the first that waits, wherever it goes with it. */
    private static final class NaiveQueue {
        private final Deque<Integer> items = new ArrayDeque<>();
        private final Deque<Promise<Integer>> getting = new ArrayDeque<>();

        void put(int item) {
            for (Promise<Integer> next = getting.poll(); next != null; next = getting.poll()) {
                if (next.tryComplete(item)) {
                    return;
                }
            }
            items.add(item);
        }

        int get() {
            if (!items.isEmpty()) {
                return items.remove();
            }
            Promise<Integer> promised = currentLoop().newPromise();
            getting.add(promised);
            return promised.await();
        }

        int size() {
            return items.size();
        }
    }

    @Test
    void aQueueThatGivesItemsAwayTooEarly_losesOneToACancel() {
        Supplier<Program> program =
                () ->
                        new Program() {
                            private final NaiveQueue queue = new NaiveQueue();
                            private int put;
                            private int got;

                            {
                                for (int i = 0; i < 2; i++) {
                                    actor(
                                            "p",
                                            me -> {
                                                me.step();
                                                queue.put(1);
                                                put++;
                                            });
                                    actor(
                                            "g",
                                            me -> {
                                                me.step();
                                                int item = queue.get();
                                                got += item;
                                            });
                                }
                            }

                            @Override
                            void atRest() {
                                require(put == got + queue.size(), "an item is lost");
                            }

                            @Override
                            void atEnd() {}
                        };
        assertThat(explore(program, 0, 3, false)).isPositive();
        assertThatThrownBy(() -> explore(program, 1, 3, false))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("cancel")
                .hasStackTraceContaining("an item is lost");
    }
}
