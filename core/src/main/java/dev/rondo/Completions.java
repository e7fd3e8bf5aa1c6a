package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tasks in the order they end. */
final class Completions<T extends @Nullable Object> implements Iterator<Task<T>> {
    private final EventLoop loop;
    private final ArrayDeque<LoopTask<T>> ended = new ArrayDeque<>();
    private final LinkedHashSet<LoopPromise<@Nullable Object>> waiting = new LinkedHashSet<>();
    private final @Nullable Handle timer;
    private int left;
    private boolean expired;

    Completions(EventLoop loop, List<LoopTask<T>> given, long deadline) {
        this.loop = loop;
        Set<LoopTask<T>> tasks = new LinkedHashSet<>(given);
        left = tasks.size();
        for (LoopTask<T> task : tasks) {
            task.addWaiter(
                    new Waiter() {
                        @Override
                        public void run() {
                            ended.add(task);
                            wakeOne();
                        }
                    });
        }
        timer =
                deadline == Long.MAX_VALUE || left == 0
                        ? null
                        : loop.callAt(
                                deadline,
                                () -> {
                                    expired = true;
                                    waiting.forEach(promise -> promise.settleValue(null));
                                });
    }

    private void wakeOne() {
        while (!waiting.isEmpty()) {
            if (waiting.removeFirst().settleValue(null)) {
                return;
            }
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
            LoopPromise<@Nullable Object> wake = new LoopPromise<>(loop);
            waiting.add(wake);
            try {
                wake.await();
            } catch (Throwable e) {
                if (!waiting.remove(wake) && !ended.isEmpty()) {
                    // Woken and cancelled at once: the next one shall have it.
                    wakeOne();
                }
                throw e;
            }
        }
        if (--left == 0) {
            if (timer != null) {
                timer.cancel();
            }
            waiting.forEach(promise -> promise.settleValue(null));
        }
        return ended.remove();
    }
}
