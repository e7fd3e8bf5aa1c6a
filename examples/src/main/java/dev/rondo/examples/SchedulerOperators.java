package dev.rondo.examples;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.sleep;
import static dev.rondo.reactor.ReactorBridge.scheduler;

import static java.time.Duration.ofMillis;

import dev.rondo.EventLoop;
import dev.rondo.Promise;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.List;

/**
 * A Reactor pipeline and coroutines that take turns on one loop.
 *
 * <p>Notice: tasks of the scheduler, callbacks and coroutines are in one queue. The numbers are
 * made on a thread of Reactor's; after {@code delayElements}, a timer of the loop like {@code
 * sleep}, they are on the loop, and share plain variables with its coroutines without a lock.
 */
final class SchedulerOperators {
    private SchedulerOperators() {}

    static void main(List<String> args) {
        try (EventLoop loop = EventLoop.builder().name("loop").build()) {
            loop.run(() -> {
                inOneQueue();
                takingTurns();
            });
        }
    }

    private static void inOneQueue() {
        EventLoop loop = currentLoop();
        Scheduler scheduler = scheduler(loop);
        scheduler.schedule(() -> print(loop, "1, a task of the scheduler"));
        loop.callSoon(() -> print(loop, "2, a callback"));
        createTask(() -> print(loop, "3, a coroutine")).await();
    }

    private static void takingTurns() {
        EventLoop loop = currentLoop();
        int[] total = new int[1];
        Promise<Boolean> end = loop.newPromise();
        Flux.range(1, 3)
                .map(number -> number * 10)
                .doOnNext(number -> print(loop, "made " + number))
                .subscribeOn(Schedulers.single())
                .delayElements(ofMillis(400), scheduler(loop))
                .subscribe(
                        number -> {
                            total[0] += number;
                            print(loop, "flux +" + number);
                        },
                        end::fail,
                        () -> end.complete(true));
        sleep(ofMillis(200));
        for (int i = 0; i < 3; i++) {
            sleep(ofMillis(400));
            total[0] += 1;
            print(loop, "coroutine +1");
        }
        end.await();
        print(loop, "total " + total[0]);
    }

    private static void print(EventLoop loop, String text) {
        String where = loop.inLoop() ? loop.name() : Thread.currentThread().getName();
        System.out.printf("%-8s  %s%n", where, text);
    }
}
