package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.Async;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The scheduler's delays are the loop's timers, and so pass in no time on a virtual clock. */
class VirtualTimeTest {
    private final List<String> trail = new ArrayList<>();

    // #region virtual-time
    @Test
    void anHourOfDelays_withCoroutinesInBetween_takesMilliseconds() {
        StepVerifier hour =
                VirtualClock.run(() -> {
                    Scheduler scheduler = scheduler(Async.currentLoop());
                    Flux<Integer> quarters =
                            Flux.range(1, 4)
                                    .delayElements(Duration.ofMinutes(15), scheduler)
                                    .doOnNext(quarter -> note(scheduler, "quarter " + quarter));
                    StepVerifier verifier =
                            StepVerifier.create(quarters)
                                    .expectNext(1, 2, 3, 4)
                                    .expectComplete()
                                    .verifyLater();
                    for (int i = 0; i < 2; i++) {
                        Async.sleep(Duration.ofMinutes(20));
                        note(scheduler, "coroutine");
                    }
                    Async.sleep(Duration.ofMinutes(30));
                    return verifier;
                });
        hour.verify(Duration.ofSeconds(10));
        assertThat(trail)
                .containsExactly(
                        "quarter 1 at 15:00",
                        "coroutine at 20:00",
                        "quarter 2 at 30:00",
                        "coroutine at 40:00",
                        "quarter 3 at 45:00",
                        "quarter 4 at 60:00");
    }

    // #endregion

    private void note(Scheduler scheduler, String event) {
        long seconds = scheduler.now(TimeUnit.SECONDS);
        trail.add(event + " at %02d:%02d".formatted(seconds / 60, seconds % 60));
    }

    @Test
    void aThousandSubscribers_anHourEach() {
        int[] ticks = new int[1];
        VirtualClock.run(() -> {
            Scheduler scheduler = scheduler(Async.currentLoop());
            for (int i = 0; i < 1000; i++) {
                Flux.interval(Duration.ofMinutes(1), scheduler)
                        .take(60)
                        .subscribe(tick -> ticks[0]++);
            }
            Async.sleep(Duration.ofHours(1).plusSeconds(1));
        });
        assertThat(ticks[0]).isEqualTo(60_000);
    }
}
