package dev.rondo;

import dev.rondo.internal.StackRoom;

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
    private final EventLoop loop;
    private final ArrayDeque<LoopTask<T>> ended;
    private final LinkedHashSet<LoopPromise<@Nullable Object>> waiting = new LinkedHashSet<>();
    private final long deadline;
    private int left;
    private boolean expired;

    Completions(EventLoop loop, List<LoopFuture<T>> given, long deadline) {
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

    private void taskEnded(LoopTask<T> task) {
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
        Handle timer = deadline == Long.MAX_VALUE ? null : loop.callAt(deadline, this::expire);
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
            last =
                    future instanceof LoopTask<T> task
                            ? new TaskWaiter<>(this, task, last)
                            : new PromiseWaiter<>(this, new ShieldTask<>(future), last);
        }

        @Override
        @Nullable EventLoop loop() {
            for (TaskWaiter<T> waiter = last; waiter != null; waiter = waiter.before) {
                LoopTask<T> task = waiter.task;
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
                    waiter.leave(waiter.task);
                }
            }
        }
    }

    private static class TaskWaiter<T extends @Nullable Object> extends Waiter {
        private final Watch<T> watch;
        private final @Nullable TaskWaiter<T> before;

        /** Null when it has ended. */
        private @Nullable LoopTask<T> task;

        TaskWaiter(Watch<T> watch, LoopTask<T> task, @Nullable TaskWaiter<T> before) {
            this.watch = watch;
            this.task = task;
            this.before = before;
            task.addWaiter(this);
        }

        @Override
        public void run() {
            LoopTask<T> done = Objects.requireNonNull(task);
            task = null;
            Completions<T> completions = watch.get();
            if (completions != null) {
                completions.taskEnded(done);
            }
        }

        void leave(LoopTask<T> pending) {
            pending.removeWaiter(this);
        }
    }

    private static final class PromiseWaiter<T extends @Nullable Object> extends TaskWaiter<T> {
        private final ShieldTask<T> shield;

        PromiseWaiter(Watch<T> watch, ShieldTask<T> shield, @Nullable TaskWaiter<T> before) {
            super(watch, shield, before);
            this.shield = shield;
        }

        @Override
        void leave(LoopTask<T> pending) {
            super.leave(pending);
            shield.leave();
        }
    }
}
