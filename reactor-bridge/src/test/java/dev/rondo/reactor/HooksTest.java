package dev.rondo.reactor;

import static dev.rondo.reactor.SchedulerTest.tenSeconds;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Scannable;
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
        ways.put("period", (s, task) -> s.schedulePeriodically(task, 1, 1, SECONDS));
        ways.put("worker's direct", (s, task) -> s.createWorker().schedule(task));
        ways.put("worker's delayed", (s, task) -> s.createWorker().schedule(task, 1, SECONDS));
        ways.put(
                "worker's period",
                (s, task) -> s.createWorker().schedulePeriodically(task, 1, 1, SECONDS));
        ways.put("no delay", (s, task) -> s.schedule(task, 0, SECONDS));
        ways.put("no delay, period", (s, task) -> s.schedulePeriodically(task, 0, 1, SECONDS));
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
            List<String> once = List.of("hook: true", "wrapped", "run");
            List<String> twice = List.of("hook: true", "wrapped", "run", "wrapped", "run");
            assertThat(trail).as(name).isEqualTo(name.endsWith("period") ? twice : once);
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
            try {
                scheduler.schedule(() -> trail.add("run"));
            } catch (IllegalStateException e) {
                trail.add(e.getMessage());
            }
            assertThat(Scannable.from(scheduler).scan(Scannable.Attr.BUFFERED)).isZero();
        });
        assertThat(trail).containsExactly("no");
    }
}
