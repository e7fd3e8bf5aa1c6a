package dev.rondo.issues;

import static dev.rondo.Async.*;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.issues.EndOfTheStackTest.Scenario;
import dev.rondo.sync.*;

import java.util.*;

/** Calls of the primitives, for {@link EndOfTheStackTest}. */
final class PrimitivesAtTheEndOfTheStack {
    private PrimitivesAtTheEndOfTheStack() {}

    static final List<Scenario> SCENARIOS =
            List.of(
                    new Scenario(
                            "AsyncEvent.set",
                            (place, trail) -> {
                                AsyncEvent event = new AsyncEvent();
                                createTask(() -> {
                                    event.await();
                                    trail.add("set");
                                });
                                yieldNow();
                                place.call(event::set);
                                yieldNow();
                            },
                            "set"),
                    new Scenario(
                            "AsyncEvent.await",
                            (place, trail) -> {
                                AsyncEvent event = new AsyncEvent();
                                currentLoop().callLater(ofSeconds(1), event::set);
                                place.call(event::await);
                                trail.add(event);
                            },
                            "AsyncEvent[set]"),
                    new Scenario(
                            "AsyncLock.release",
                            (place, trail) -> {
                                AsyncLock lock = new AsyncLock();
                                lock.acquire();
                                createTask(() -> lock.with(() -> trail.add("held")));
                                yieldNow();
                                place.call(lock::release);
                                yieldNow();
                                trail.add(lock);
                            },
                            "held",
                            "AsyncLock[free]"),
                    new Scenario(
                            "AsyncLock.acquire",
                            (place, trail) -> {
                                AsyncLock lock = new AsyncLock();
                                place.call(lock::acquire);
                                currentLoop().callLater(ofSeconds(1), lock::release);
                                place.call(lock::acquire);
                                lock.release();
                                trail.add(lock);
                            },
                            "AsyncLock[free]"),
                    new Scenario(
                            "AsyncSemaphore",
                            (place, trail) -> {
                                AsyncSemaphore semaphore = new AsyncSemaphore(0);
                                createTask(() -> {
                                    semaphore.acquire();
                                    trail.add("acquired");
                                });
                                yieldNow();
                                place.call(semaphore::release);
                                yieldNow();
                                place.call(semaphore::release);
                                place.call(semaphore::acquire);
                                place.call(semaphore::release);
                                trail.add(semaphore);
                            },
                            "acquired",
                            "AsyncSemaphore[1 free]"),
                    new Scenario(
                            "AsyncQueue.put",
                            (place, trail) -> {
                                AsyncQueue<Integer> queue = new AsyncQueue<>(1);
                                createTask(() -> {
                                    for (int i = 0; i < 4; i++) {
                                        trail.add(queue.get());
                                    }
                                });
                                yieldNow();
                                for (int i = 1; i <= 4; i++) {
                                    int item = i;
                                    place.call(() -> queue.put(item));
                                }
                                yieldNow();
                                yieldNow();
                                trail.add(queue);
                            },
                            "1",
                            "2",
                            "3",
                            "4",
                            "AsyncQueue[0 of 1, 4 unfinished]"),
                    new Scenario(
                            "AsyncQueue.get",
                            (place, trail) -> {
                                AsyncQueue<Integer> queue = new AsyncQueue<>(1);
                                createTask(() -> {
                                    for (int i = 1; i <= 4; i++) {
                                        queue.put(i);
                                    }
                                });
                                for (int i = 0; i < 4; i++) {
                                    place.call(() -> trail.add(queue.get()));
                                }
                                for (int i = 0; i < 4; i++) {
                                    place.call(queue::taskDone);
                                }
                                place.call(queue::join);
                                trail.add(queue);
                            },
                            "1",
                            "2",
                            "3",
                            "4",
                            "AsyncQueue[0 of 1]"),
                    new Scenario(
                            "AsyncQueue.shutdown",
                            (place, trail) -> {
                                AsyncQueue<Integer> queue = new AsyncQueue<>(1);
                                Task<Integer> getting = createTask(queue::get);
                                yieldNow();
                                place.call(queue::shutdown);
                                waitAll(List.of(getting));
                                trail.add(getting.exception().getClass().getSimpleName());
                            },
                            "AsyncQueueShutDownException"),
                    new Scenario(
                            "AsyncCondition",
                            (place, trail) -> {
                                AsyncCondition condition = new AsyncCondition();
                                createTask(() -> {
                                    condition.acquire();
                                    place.call(condition::await);
                                    trail.add("signalled");
                                    condition.release();
                                });
                                yieldNow();
                                condition.acquire();
                                place.call(condition::signal);
                                condition.release();
                                yieldNow();
                                yieldNow();
                                trail.add(condition);
                            },
                            "signalled",
                            "AsyncCondition[AsyncLock[free]]"),
                    new Scenario(
                            "AsyncBarrier",
                            (place, trail) -> {
                                AsyncBarrier barrier = new AsyncBarrier(2);
                                createTask(() -> place.call(() -> trail.add(barrier.await())));
                                yieldNow();
                                place.call(() -> trail.add(barrier.await()));
                                yieldNow();
                                trail.add(barrier);
                            },
                            "1",
                            "0",
                            "AsyncBarrier[0 of 2]"));
}
