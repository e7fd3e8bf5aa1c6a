package dev.rondo.internal.loop;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Handle;
import dev.rondo.Task;
import dev.rondo.internal.fiber.StackRoom;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/** Tasks in the order they end. */
final class Completions<T extends @Nullable Object> implements Iterator<Task<T>> {
    /*
     * A for-loop over it may be left, and taken up again, or not: that is known when this has been
     * collected. So the tasks do not hold it; and there is a timer only while somebody waits.
     */
    private final LoopCore loop;
    private final ArrayDeque<LoopFuture<T>> ended;
    private final LinkedHashSet<LoopPromise<@Nullable Object>> waiting = new LinkedHashSet<>();
    private final long deadline;
    private int left;
    private boolean expired;

    Completions(LoopCore loop, List<LoopFuture<T>> given, long deadline) {
        this.loop = loop;
        this.deadline = deadline;
        Watch<T> watch = new Watch<>(this);
        Set<LoopFuture<T>> futures = new LinkedHashSet<>(given);
        left = futures.size();
        // There is room for all: one that ends later needs no memory.
        ended = new ArrayDeque<>(left);
        for (LoopFuture<T> future : futures) {
            watch.add(future);
        }
    }

    private void taskEnded(LoopFuture<T> task) {
        ended.add(task);
        wakeOne();
    }

    private void wakeOne() {
        while (!waiting.isEmpty()) {
            if (waiting.removeFirst().settleValue(null)) {
                return;
            }
        }
    }

    private void wakeAll() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().settleValue(null);
        }
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public Task<T> next() {
        if (left == 0) {
            throw new NoSuchElementException("All tasks have been given");
        }
        while (ended.isEmpty()) {
            if (left == 0) {
                throw new NoSuchElementException("Another loop has taken the last task");
            }
            if (expired) {
                throw new AsyncTimeoutException(
                        left + " tasks had not ended when the timeout of asCompleted passed");
            }
            StackRoom.ensure();
            awaitOne();
        }
        if (--left == 0) {
            wakeAll();
        }
        return ended.remove();
    }

    private void awaitOne() {
        LoopPromise<@Nullable Object> wake = new LoopPromise<>(loop);
        waiting.add(wake);
        Handle timer =
                deadline == Long.MAX_VALUE ? null : loop.callAt(deadline, null, this::expire);
        try {
            wake.await();
        } catch (Throwable e) {
            if (!waiting.remove(wake) && !ended.isEmpty()) {
                // Woken and cancelled at once: the next one shall have it.
                wakeOne();
            }
            throw e;
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private void expire() {
        expired = true;
        wakeAll();
    }

    /** What waits for the tasks, until nobody can ask for them any more. */
    private static final class Watch<T extends @Nullable Object>
            extends WhenCollected<Completions<T>> {
        private @Nullable TaskWaiter<T> last;

        Watch(Completions<T> completions) {
            super(completions);
        }

        void add(LoopFuture<T> future) {
            last = new TaskWaiter<>(this, future, last);
        }

        @Override
        @Nullable LoopCore loop() {
            for (TaskWaiter<T> waiter = last; waiter != null; waiter = waiter.before) {
                LoopFuture<T> task = waiter.task;
                if (task != null) {
                    return task.loop;
                }
            }
            return null;
        }

        @Override
        void collected() {
            for (TaskWaiter<T> waiter = last; waiter != null; waiter = waiter.before) {
                if (waiter.task != null) {
                    waiter.task.removeWaiter(waiter);
                }
            }
        }
    }

    private static final class TaskWaiter<T extends @Nullable Object> extends Waiter {
        private final Watch<T> watch;
        private final @Nullable TaskWaiter<T> before;

        /** Null when it has ended. */
        private @Nullable LoopFuture<T> task;

        TaskWaiter(Watch<T> watch, LoopFuture<T> task, @Nullable TaskWaiter<T> before) {
            this.watch = watch;
            this.task = task;
            this.before = before;
            task.addWaiter(this);
        }

        @Override
        public void run() {
            LoopFuture<T> done = Objects.requireNonNull(task);
            task = null;
            Completions<T> completions = watch.get();
            if (completions != null) {
                completions.taskEnded(done);
            }
        }
    }
}
