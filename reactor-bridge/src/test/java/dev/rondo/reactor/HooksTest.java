package dev.rondo.reactor;

import static dev.rondo.reactor.SchedulerTest.tenSeconds;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** {@code Schedulers.onScheduleHook}: once for each submission, on the submitting thread. */
class HooksTest {
    private final List<String> trail = new ArrayList<>();

    @AfterEach
    void unhook() {
        Schedulers.resetOnScheduleHook("HooksTest");
    }

    @Test
    void onEachOfTheSixWays_theHookIsCalledOnce_andWhatItGivesIsRun() {
        Map<String, BiFunction<Scheduler, Runnable, Disposable>> ways = new LinkedHashMap<>();
        ways.put("direct", Scheduler::schedule);
        ways.put("delayed", (s, task) -> s.schedule(task, 1, SECONDS));
        ways.put("periodic", (s, task) -> s.schedulePeriodically(task, 1, 1, SECONDS));
        ways.put("worker's direct", (s, task) -> s.createWorker().schedule(task));
        ways.put("worker's delayed", (s, task) -> s.createWorker().schedule(task, 1, SECONDS));
        ways.put(
                "worker's periodic",
                (s, task) -> s.createWorker().schedulePeriodically(task, 1, 1, SECONDS));
        ways.put("no delay", (s, task) -> s.schedule(task, 0, SECONDS));
        ways.put("no initial delay", (s, task) -> s.schedulePeriodically(task, 0, 1, SECONDS));
        ways.put("no period", (s, task) -> s.schedulePeriodically(task, 0, 0, SECONDS));

        ways.forEach((name, way) -> {
            trail.clear();
            tenSeconds(scheduler -> {
                Thread submitting = Thread.currentThread();
                Schedulers.onScheduleHook(
                        "HooksTest",
                        task -> {
                            trail.add("hook: " + (Thread.currentThread() == submitting));
                            return () -> {
                                trail.add("wrapped");
                                task.run();
                            };
                        });
                Disposable[] task = new Disposable[1];
                task[0] =
                        way.apply(
                                scheduler,
                                () -> {
                                    trail.add("run");
                                    if (trail.size() > 4) {
                                        task[0].dispose();
                                    }
                                });
            });
            List<String> expected =
                    name.contains("peri")
                            ? List.of("hook: true", "wrapped", "run", "wrapped", "run")
                            : name.contains("initial")
                                    ? List.of("hook: true", "wrapped", "run", "wrapped", "run")
                                    : List.of("hook: true", "wrapped", "run");
            assertThat(trail).as(name).isEqualTo(expected);
        });
    }

    @Test
    void aHookThatFails_failsTheSubmission_andCountsNothing() {
        tenSeconds(scheduler -> {
            Schedulers.onScheduleHook(
                    "HooksTest",
                    task -> {
                        throw new IllegalStateException("no");
                    });
            assertThat(Flux.just(1).subscribeOn(scheduler).materialize()).isNotNull();
            try {
                scheduler.schedule(() -> trail.add("run"));
            } catch (IllegalStateException e) {
                trail.add(e.getMessage());
            }
            assertThat(reactor.core.Scannable.from(scheduler))
                    .extracting(s -> s.scan(reactor.core.Scannable.Attr.BUFFERED))
                    .isEqualTo(0);
        });
        assertThat(trail).containsExactly("no");
    }
}
