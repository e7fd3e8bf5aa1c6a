package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.util.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Tasks of the body that emit, too, those it waits for and those it does not. */
class FluxChildrenTest extends FluxFixture {
    @Test
    void tenThousandChildrenEmit_eachOnce_oneAtATime() {
        VirtualClock.run(() -> {
            AtomicBoolean inside = new AtomicBoolean();
            Set<Integer> got = new HashSet<>();
            FluxProbe<Integer> slow = new FluxProbe<>(1);
            slow.onNext =
                    value -> {
                        assertThat(inside.getAndSet(true)).isFalse();
                        assertThat(got.add(value)).isTrue();
                        if (value % 10 == 0) {
                            // A subscriber that suspends within onNext lets the other tasks run.
                            yieldNow();
                        }
                        inside.set(false);
                        slow.request(1);
                    };
            Flux<Integer> flux =
                    flux(emitter ->
                            taskGroup(group -> {
                                for (int i = 0; i < 10_000; i++) {
                                    int value = i;
                                    group.createTask(() -> emitter.emit(value));
                                }
                            }));
            flux.subscribe(slow);
            sleep(ofSeconds(1));
            assertThat(got).hasSize(10_000);
            assertThat(slow.trail).hasSize(10_002).last().isEqualTo("complete");
        });
    }

    @Test
    void childrenThatWait_areServedInTheOrderTheyCame_andAllEndOnCancel() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int i = 1; i <= 5; i++) {
                                    int value = i;
                                    group.createTask(() -> emitter.emit(value));
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.request(2);
            settle();
            probe.cancel();
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", 1, 2);
    }

    @Test
    void childrenThatEmitAgainAndAgain_takeTurns() {
        VirtualClock.run(() -> {
            flux((Emitter<Integer> emitter) ->
                            taskGroup(group -> {
                                for (int child : List.of(10, 20)) {
                                    group.createTask(() -> {
                                        for (int i = 1; i <= 3; i++) {
                                            emitter.emit(child + i);
                                        }
                                    });
                                }
                            }))
                    .subscribe(probe);
            settle();
            probe.request(6);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 11, 21, 12, 22, 13, 23, "complete");
    }

    @Test
    void emitInTheSameCoroutinesOnNext_isRefused_andTheStreamGoesOn() {
        AtomicReference<Emitter<Integer>> own = new AtomicReference<>();
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                own.set(emitter);
                                emitter.emit(1);
                                emitter.emit(2);
                            })
                    .doOnNext(value ->
                            assertThatThrownBy(() -> own.get().emit(value))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("tryEmit() says so"))
                    .subscribe(probe);
            probe.request(Long.MAX_VALUE);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, 2, "complete");
    }

    @Test
    void aTaskTheBodyDidNotWaitFor_isToldWhenTheBodyHasEnded_insteadOfWaitingForEver() {
        VirtualClock.run(() -> {
            List<Task<Void>> strays = new ArrayList<>();
            flux(
                            (Emitter<Integer> emitter) -> {
                                strays.add(createTask(() -> emitter.emit(1)));
                                strays.add(createTask(() -> emitter.emit(2)));
                                yieldNow();
                            })
                    .subscribe(probe);
            settle();
            for (Task<Void> stray : strays) {
                assertThatThrownBy(() -> waitFor(stray, ofSeconds(1)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("taskGroup");
            }
        });
        assertThat(trail).containsExactly("subscribed", "complete");
    }

    @Test
    void theBodyEndsWhileATaskItDidNotWaitForIsInOnNext_theEndComesAfterThat() {
        VirtualClock.run(() -> {
            probe.onNext =
                    value -> {
                        yieldNow();
                        yieldNow();
                        yieldNow();
                        trail.add("onNext returns");
                    };
            flux(
                            (Emitter<Integer> emitter) -> {
                                createTask(() -> emitter.emit(1));
                                yieldNow();
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, "onNext returns", "complete");
    }

    @Test
    void aStrayTaskWaitsInEmit_whenTheSubscriberCancels_itEndsToo() {
        VirtualClock.run(() -> {
            List<Task<Void>> strays = new ArrayList<>();
            flux(
                            (Emitter<Integer> emitter) -> {
                                strays.add(createTask(() -> emitter.emit(1)));
                                sleep(ofHours(1));
                            })
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
            assertThat(strays.getFirst().isCancelled()).isTrue();
        });
        assertThat(trail).containsExactly("subscribed");
    }
}
