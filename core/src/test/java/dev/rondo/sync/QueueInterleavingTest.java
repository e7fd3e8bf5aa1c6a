package dev.rondo.sync;

import static dev.rondo.Async.*;
import static dev.rondo.sync.Interleavings.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import java.util.*;
import java.util.function.Supplier;

/** {@link AsyncQueue} in all orders; a naive twin shows what that finds. */
class QueueInterleavingTest {
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
