package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.util.List;
import java.util.concurrent.*;

/** What a cancelled body still does, and that nobody disturbs it or hears of it. */
class FluxCleanUpTest extends FluxFixture {
    @Test
    void cancelFromAnotherThread_theCleanUpRunsOnTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> cleanedUp = new CompletableFuture<>();
            flux(
                            loop,
                            (Emitter<Integer> emitter) -> {
                                begun.countDown();
                                try {
                                    emitter.emit(1);
                                } finally {
                                    yieldNow();
                                    cleanedUp.complete(loop.inLoop());
                                }
                            })
                    .subscribe(probe);
            begun.await();
            probe.cancel();
            assertThat(cleanedUp.join()).isTrue();
            assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
        }
        assertThat(trail).containsExactly("subscribed");
    }

    @Test
    void cancelFromAnotherThread_whileTheBodyEmitsAllTheTime_leavesTheCleanUpInPeace()
            throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            for (int i = 0; i < 300; i++) {
                FluxProbe<Integer> unbounded = new FluxProbe<>(Long.MAX_VALUE);
                CountDownLatch begun = new CountDownLatch(1);
                CompletableFuture<Object> cleanedUp = new CompletableFuture<>();
                unbounded.onNext = value -> begun.countDown();
                flux(
                                loop,
                                (Emitter<Integer> emitter) -> {
                                    try {
                                        while (true) {
                                            emitter.emit(1);
                                        }
                                    } finally {
                                        try {
                                            FluxProbe.settle();
                                            cleanedUp.complete("cleaned up");
                                        } catch (CancellationException e) {
                                            cleanedUp.complete(e);
                                        }
                                    }
                                })
                        .subscribe(unbounded);
                begun.await();
                unbounded.cancel();
                assertThat(cleanedUp.join()).isEqualTo("cleaned up");
            }
            assertThat(loop.submit(() -> allTasks().size()).join()).isEqualTo(1);
        }
    }

    @Test
    void cancelReachesTheChildrenThroughTheBody_once_andLeavesTheirCleanUpInPeace() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int i = 1; i <= 3; i++) {
                                    int value = i;
                                    group.createTask(() -> {
                                        try {
                                            emitter.emit(value);
                                        } finally {
                                            sleep(ofSeconds(1));
                                            trail.add("clean " + value);
                                        }
                                    });
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.cancel();
            sleep(ofSeconds(2));
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", "clean 1", "clean 2", "clean 3");
    }

    @Test
    void aBodyThatSwallowsTheCancel_canEmitNothingMore() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                for (int i = 0; i < 3; i++) {
                                    try {
                                        emitter.emit(i);
                                        trail.add("wrong");
                                    } catch (CancellationException e) {
                                        trail.add("no " + i);
                                    }
                                }
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "no 0", "no 1", "no 2");
    }

    @Test
    void anErrorAfterCancel_isDropped_once_andACancellationIsSilent() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                try {
                                    sleep(ofHours(1));
                                } finally {
                                    throw new IllegalStateException("clean-up");
                                }
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
        });
        assertThat(trail)
                .containsExactly("subscribed", "dropped java.lang.IllegalStateException: clean-up");
    }

    @Test
    void doOnCancel_isCalledOnce_andAGeneratorTakenFromEndlesslyEnds() {
        VirtualClock.run(() -> {
            Flux<Integer> endless =
                    flux(emitter -> {
                        try {
                            for (int i = 1; ; i++) {
                                emitter.emit(i);
                            }
                        } finally {
                            trail.add("cleaned up");
                        }
                    });
            List<Integer> three =
                    await(endless.doOnCancel(() -> trail.add("cancel")).take(3).collectList());
            trail.add(three);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactlyInAnyOrder("cancel", List.of(1, 2, 3), "cleaned up");
    }
}
