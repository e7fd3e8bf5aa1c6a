package dev.rondo.issues;

import static dev.rondo.Async.*;
import static dev.rondo.issues.EndOfTheStack.atTheEnd;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.*;
import java.util.stream.Stream;

/**
 * A call at the end of its caller's stack was done by half: a wakeup was lost, a permit was
 * nobody's, a loop slept with work to do, two coroutines ran at once. It fails and has done
 * nothing, or it is done.
 */
class EndOfTheStackTest {
    /** Where the call is made: first where it is safe, so that no class is loaded at the end. */
    interface Place {
        void call(Runnable call);
    }

    record Scenario(String name, BiBody body, String... expected) {}

    interface BiBody {
        void run(Place place, List<Object> trail) throws Exception;
    }

    private static final List<Scenario> OF_THE_LOOP =
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

    private static final List<Scenario> ON_THE_LOOP =
            Stream.of(OF_THE_LOOP, PrimitivesAtTheEndOfTheStack.SCENARIOS)
                    .flatMap(List::stream)
                    .toList();

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
                                        assertThat(run(scenario, EndOfTheStack::atTheEnd))
                                                .containsExactly(scenario.expected);
                                    }
                                }));
    }

    private static List<String> run(Scenario scenario, Place place) {
        List<Object> trail = new ArrayList<>();
        VirtualClock.run(() -> scenario.body.run(place, trail));
        return trail.stream().map(Object::toString).toList();
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
