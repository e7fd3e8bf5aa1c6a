package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.rondo.Coroutine;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;

/** A subscriber that cancels, in every state of the body. */
class FluxCancelTest extends FluxFixture {
    @Test
    void cancelInOnSubscribe_theBodyNeverRuns() {
        VirtualClock.run(() -> {
            probe.onSubscribe = own -> own.cancel();
            counting(1).subscribe(probe);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed");
    }

    @Test
    void cancelBeforeTheFirstStep_theBodyNeverRuns() {
        VirtualClock.run(() -> {
            counting(1).subscribe(probe);
            probe.cancel();
            settle();
            probe.request(1);
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed");
    }

    private void subscribeCleaningUp(Coroutine<?> waiting) {
        flux(
                        (Emitter<Integer> emitter) -> {
                            try {
                                waiting.await();
                                trail.add("wrong");
                            } catch (CancellationException e) {
                                trail.add("cancelled: " + e.getMessage());
                                throw e;
                            } finally {
                                sleep(ofSeconds(1));
                                trail.add("cleaned up on the loop: " + (currentLoop() != null));
                            }
                        })
                .subscribe(probe);
        settle();
    }

    private static final List<Object> CLEANED_UP =
            List.of(
                    "subscribed",
                    "cancel returns",
                    "cancelled: the subscriber has cancelled",
                    "a task is left: true",
                    "cleaned up on the loop: true",
                    "a task is left: false");

    private void cancelAndLookOn() {
        probe.cancel();
        trail.add("cancel returns");
        settle();
        trail.add("a task is left: " + (allTasks().size() > 1));
        sleep(ofSeconds(2));
        trail.add("a task is left: " + (allTasks().size() > 1));
    }

    @Test
    void cancelWhileSuspendedInEmit_returnsFirst_thenTheBodyCleansUp_andNothingIsSignalled() {
        VirtualClock.run(() -> {
            AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
            flux(
                            (Emitter<Integer> own) -> {
                                try {
                                    own.emit(1);
                                    trail.add("wrong");
                                } catch (CancellationException e) {
                                    trail.add("cancelled: " + e.getMessage());
                                    throw e;
                                } finally {
                                    sleep(ofSeconds(1));
                                    trail.add("cleaned up on the loop: " + (currentLoop() != null));
                                }
                            })
                    .subscribe(probe);
            settle();
            cancelAndLookOn();
        });
        assertThat(trail).isEqualTo(CLEANED_UP);
    }

    @Test
    void cancelWhileSuspendedElsewhere_isThrownThere_andTheBodyCleansUp() {
        VirtualClock.run(() -> {
            subscribeCleaningUp(() -> {
                sleep(ofHours(1));
                return null;
            });
            cancelAndLookOn();
        });
        assertThat(trail).isEqualTo(CLEANED_UP);
    }

    @Test
    void cancelASecondTime_leavesTheCleanUpInPeace() {
        VirtualClock.run(() -> {
            subscribeCleaningUp(() -> {
                sleep(ofHours(1));
                return null;
            });
            probe.cancel();
            settle();
            cancelAndLookOn();
        });
        assertThat(trail)
                .containsExactly(
                        "subscribed",
                        "cancelled: the subscriber has cancelled",
                        "cancel returns",
                        "a task is left: true",
                        "cleaned up on the loop: true",
                        "a task is left: false");
    }

    @Test
    void cancelInsideOnNext_isTheLastElement_andTheNextEmitThrows() {
        VirtualClock.run(() -> {
            probe.onNext = value -> probe.cancel();
            flux(
                            (Emitter<Integer> emitter) -> {
                                try {
                                    emitter.emit(1);
                                    trail.add("goes on");
                                    emitter.emit(2);
                                } finally {
                                    trail.add("cleans up");
                                }
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("subscribed", 1, "goes on", "cleans up");
    }

    @Test
    void cancelInsideTheLastOnNext_isSilent() {
        VirtualClock.run(() -> {
            probe.onNext = value -> probe.cancel();
            counting(1).subscribe(probe);
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "emit 1", 1, "body ends");
    }
}
