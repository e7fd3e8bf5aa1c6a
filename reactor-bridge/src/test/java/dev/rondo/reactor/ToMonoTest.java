package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;

/** A task that runs anyway, as a Mono. */
class ToMonoTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @Test
    void toMono_everySubscriberGetsTheEnd_earlyOrLate() {
        VirtualClock.run(() -> {
            Task<String> task =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return "value";
                    });
            Mono<String> mono = toMono(task);
            mono.subscribe(v -> trail.add("early " + v));
            sleep(ofSeconds(2));
            mono.subscribe(v -> trail.add("late " + v));
            assertThat(trail).containsExactly("early value", "late value");
        });
    }

    @Test
    void toMono_null_failure_andCancellation() {
        IOException disk = new IOException("disk");
        VirtualClock.run(() -> {
            Task<Void> empty = createTask(() -> {});
            Task<Object> fails =
                    createTask(() -> {
                        throw disk;
                    });
            Task<Void> cancelled = createTask(() -> sleep(ofHours(1)));
            cancelled.cancel("no more");
            for (Task<?> task : List.of(empty, fails, cancelled)) {
                toMono(task).subscribe(trail::add, trail::add, () -> trail.add("complete"));
            }
            sleep(ofSeconds(1));
            assertThat(trail).hasSize(3).startsWith("complete", disk);
            assertThat(trail.get(2))
                    .isInstanceOf(CancellationException.class)
                    .hasToString("java.util.concurrent.CancellationException: no more");
            // Whoever awaits it is not cancelled itself.
            assertThatThrownBy(() -> await(toMono(cancelled)))
                    .isInstanceOf(CancellationException.class);
            assertThat(currentTask().cancelling()).isZero();
        });
    }

    @Test
    void toMono_disposing_leavesTheTaskAlone() {
        VirtualClock.run(() -> {
            Task<String> task =
                    createTask(() -> {
                        sleep(ofSeconds(1));
                        return "value";
                    });
            Disposable subscription = toMono(task).subscribe(trail::add);
            yieldNow();
            subscription.dispose();
            assertThat(task.await()).isEqualTo("value");
            sleep(ofSeconds(1));
            assertThat(trail).isEmpty();
        });
    }

    @Test
    void toMono_ofAnotherLoopsTask_fromAPlainThread() {
        try (EventLoop loop = EventLoop.start("other")) {
            assertThat(toMono(loop.submit(() -> 7)).block(ofSeconds(10))).isEqualTo(7);
        }
    }
}
