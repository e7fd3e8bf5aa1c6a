package dev.rondo.issues;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.sync.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.*;
import java.util.concurrent.*;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A call at the end of its caller's stack was done by half: a wakeup was lost, a permit was
 * nobody's, a loop slept with work to do, two coroutines ran at once. It fails and has done
 * nothing, or it is done.
 */
class EndOfTheStackTest {

    /**
     * A call at the end of the stack, then with a little more of room, and so on, until it works;
     * frame by frame at first, in greater steps afterwards.
     */
    private static final class Attempts {
        private final Runnable call;
        private int failed;
        private int skipped;

        Attempts(Runnable call) {
            this.call = call;
        }

        /** Whether it worked. */
        boolean down() {
            boolean done;
            try {
                done = down();
            } catch (StackOverflowError e) {
                done = false;
            }
            if (done || skipped-- > 0) {
                return done;
            }
            try {
                call.run();
                return true;
            } catch (StackOverflowError e) {
                failed++;
                skipped = failed / 20;
                return false;
            }
        }
    }

    private static void atTheEnd(Runnable call) {
        Attempts attempts = new Attempts(call);
        assertThat(attempts.down()).isTrue();
        assertThat(attempts.failed).isPositive();
    }

    /** Where the call is made: first where it is safe, so that no class is loaded at the end. */
    private interface Place {
        void call(Runnable call);
    }

    private record Scenario(String name, BiBody body, String... expected) {}

    private interface BiBody {
        void run(Place place, List<Object> trail) throws Exception;
    }

    private static final List<Scenario> ON_THE_LOOP =
            List.of(
                    new Scenario(
                            "await",
                            (place, trail) -> {
                                Promise<Integer> promise = currentLoop().newPromise();
                                currentLoop().callLater(ofSeconds(1), () -> promise.complete(7));
                                place.call(() -> trail.add(promise.await()));
                                yieldNow();
                                trail.add("goes on");
                            },
                            "7",
                            "goes on"),
                    new Scenario(
                            "sleep",
                            (place, trail) -> {
                                long began = currentLoop().time();
                                place.call(() -> sleep(ofSeconds(1)));
                                trail.add(currentLoop().time() - began);
                            },
                            "1000000000"),
                    new Scenario(
                            "yieldNow",
                            (place, trail) -> {
                                currentLoop().callSoon(() -> trail.add("other"));
                                place.call(() -> {
                                    yieldNow();
                                    trail.add("back");
                                });
                                yieldNow();
                                trail.add("goes on");
                            },
                            "other",
                            "back",
                            "goes on"),
                    new Scenario(
                            "createTask",
                            (place, trail) -> {
                                place.call(() -> createTask(() -> trail.add("ran")));
                                yieldNow();
                                yieldNow();
                                trail.add(allTasks().size());
                            },
                            "ran",
                            "1"),
                    new Scenario(
                            "submit",
                            (place, trail) -> {
                                place.call(() -> currentLoop().submit(() -> trail.add("ran")));
                                yieldNow();
                                yieldNow();
                                trail.add(allTasks().size());
                            },
                            "ran",
                            "1"),
                    new Scenario(
                            "callSoon",
                            (place, trail) -> {
                                place.call(() -> currentLoop().callSoon(() -> trail.add("ran")));
                                yieldNow();
                                yieldNow();
                            },
                            "ran"),
                    new Scenario(
                            "callLater",
                            (place, trail) -> {
                                EventLoop loop = currentLoop();
                                for (int i = 1; i < 40; i++) {
                                    loop.callLater(ofMillis(i), () -> {});
                                }
                                place.call(
                                        () -> loop.callLater(ofMillis(20), () -> trail.add("ran")));
                                sleep(ofMillis(50));
                            },
                            "ran"),
                    new Scenario(
                            "Handle.cancel",
                            (place, trail) -> {
                                EventLoop loop = currentLoop();
                                for (int i = 1; i < 40; i++) {
                                    int due = i;
                                    loop.callLater(ofMillis(i), () -> trail.add(due % 38));
                                }
                                Handle handle = loop.callLater(ofMillis(1), () -> trail.add(-1));
                                place.call(handle::cancel);
                                sleep(ofMillis(50));
                                trail.subList(2, 38).clear();
                            },
                            "1",
                            "2",
                            "1"),
                    new Scenario(
                            "complete",
                            (place, trail) -> {
                                Promise<Integer> promise = currentLoop().newPromise();
                                createTask(() -> trail.add(promise.await()));
                                createTask(() -> trail.add(promise.await()));
                                yieldNow();
                                place.call(() -> promise.complete(7));
                                yieldNow();
                            },
                            "7",
                            "7"),
                    new Scenario(
                            "fail",
                            (place, trail) -> {
                                Promise<Integer> promise = currentLoop().newPromise();
                                promise.onDone(done -> trail.add("told"));
                                place.call(() -> promise.fail(new IllegalStateException("no")));
                                yieldNow();
                                trail.add(promise.exception().getMessage());
                            },
                            "told",
                            "no"),
                    new Scenario(
                            "Promise.cancel",
                            (place, trail) -> {
                                Promise<Integer> promise = currentLoop().newPromise();
                                promise.onDone(done -> trail.add("told"));
                                place.call(promise::cancel);
                                yieldNow();
                                trail.add(promise.isCancelled());
                            },
                            "told",
                            "true"),
                    new Scenario(
                            "Task.cancel",
                            (place, trail) -> {
                                Task<Void> inner = createTask(() -> sleep(ofHours(1)));
                                Task<Void> outer = createTask(() -> inner.await());
                                yieldNow();
                                yieldNow();
                                place.call(outer::cancel);
                                waitAll(List.of(outer, inner));
                                trail.add(outer.isCancelled() + " " + outer.cancelling());
                                trail.add(inner.isCancelled() + " " + inner.cancelling());
                            },
                            "true 1",
                            "true 1"),
                    new Scenario(
                            "onDone",
                            (place, trail) -> {
                                Promise<Integer> promise = currentLoop().newPromise();
                                place.call(() -> promise.onDone(done -> trail.add("told")));
                                promise.complete(7);
                                yieldNow();
                            },
                            "told"),
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
                            "AsyncBarrier[0 of 2]"),
                    new Scenario(
                            "toThread",
                            (place, trail) -> {
                                List<Task<Boolean>> calls = new ArrayList<>();
                                place.call(() -> calls.add(toThread(() -> trail.add("called"))));
                                calls.getLast().await();
                                trail.add(allTasks().size());
                            },
                            "called",
                            "1"),
                    new Scenario(
                            "taskGroup",
                            (place, trail) -> {
                                place.call(() ->
                                        taskGroup(group -> {
                                            group.createTask(() -> trail.add("child"));
                                        }));
                                trail.add(allTasks().size());
                            },
                            "child",
                            "1"),
                    new Scenario(
                            "timeout",
                            (place, trail) -> {
                                place.call(() -> timeout(ofSeconds(2), () -> sleep(ofSeconds(1))));
                                sleep(ofSeconds(9));
                                trail.add("not cancelled");
                            },
                            "not cancelled"));

    @TestFactory
    Stream<DynamicTest> inACoroutine() {
        return ON_THE_LOOP.stream()
                .map(scenario ->
                        DynamicTest.dynamicTest(
                                scenario.name,
                                () -> {
                                    assertThat(run(scenario, Runnable::run))
                                            .as("in a safe place")
                                            .containsExactly(scenario.expected);
                                    for (int i = 0; i < 8; i++) {
                                        assertThat(run(scenario, EndOfTheStackTest::atTheEnd))
                                                .containsExactly(scenario.expected);
                                    }
                                }));
    }

    private static List<String> run(Scenario scenario, Place place) {
        List<Object> trail = new ArrayList<>();
        VirtualClock.run(() -> scenario.body.run(place, trail));
        return trail.stream().map(Object::toString).toList();
    }

    // From threads outside, while the loop sleeps.

    private static void onASmallStack(int size, Runnable call) throws InterruptedException {
        Attempts attempts = new Attempts(call);
        Thread thread = new Thread(null, attempts::down, "small stack", size);
        thread.start();
        thread.join();
        assertThat(attempts.failed).isPositive();
    }

    private static void fromOutside(Consumer<EventLoop> safe, Consumer<EventLoop> call)
            throws Exception {
        EventLoop loop = EventLoop.start("asleep");
        safe.accept(loop);
        for (int i = 0; i < 20; i++) {
            loop.submit(() -> {}).join();
            onASmallStack(200_000 + i * 1000, () -> call.accept(loop));
            loop.submit(() -> {}).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        loop.close();
    }

    @TestFactory
    Stream<DynamicTest> onAThreadOutside() {
        Set<Object> called = ConcurrentHashMap.newKeySet();
        Map<String, Consumer<EventLoop>> calls = new LinkedHashMap<>();
        calls.put("callSoon", loop -> loop.callSoon(() -> called.add(loop)));
        calls.put("callLater", loop -> loop.callLater(ofNanos(1), () -> called.add(loop)));
        calls.put("submit", loop -> loop.submit(() -> called.add(loop)));
        calls.put("complete", loop -> loop.<Integer>newPromise().complete(7));
        calls.put("fail", loop -> loop.newPromise().fail(new CancellationException()));
        calls.put("Promise.cancel", loop -> loop.newPromise().cancel());
        calls.put("Task.cancel", loop -> loop.submit(() -> sleep(ofHours(1))).cancel());
        calls.put("onDone", loop -> loop.newPromise().onDone(done -> {}));
        calls.put("Hold.close", loop -> loop.holdTime().close());
        calls.put("join", loop -> loop.submit(() -> sleep(ofMillis(1))).join());
        return calls.entrySet().stream()
                .map(call ->
                        DynamicTest.dynamicTest(
                                call.getKey(),
                                () -> fromOutside(call.getValue(), call.getValue())));
    }

    /** Coroutines that run down to the end of their stacks, beside one that does not. */
    @Test
    void onlyOneHasTheTurn() {
        boolean[] inside = new boolean[1];
        int[] overlaps = new int[1];
        Runnable section =
                () -> {
                    overlaps[0] += inside[0] ? 1 : 0;
                    inside[0] = true;
                    for (int i = 0; i < 20_000; i++) {
                        Thread.onSpinWait();
                    }
                    inside[0] = false;
                };
        VirtualClock.run(() ->
                gather(
                                () -> {
                                    for (int i = 0; i < 30; i++) {
                                        atTheEnd(() -> sleep(ofMillis(1)));
                                        section.run();
                                    }
                                },
                                () -> {
                                    for (int i = 0; i < 60; i++) {
                                        section.run();
                                        sleep(ofMillis(1));
                                    }
                                })
                        .await());
        assertThat(overlaps[0]).isZero();
    }
}
