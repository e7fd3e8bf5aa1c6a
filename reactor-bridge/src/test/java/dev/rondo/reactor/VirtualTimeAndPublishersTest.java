package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.List;

/** A virtual clock beside publishers that take real time on other threads. */
class VirtualTimeAndPublishersTest {
    private static String within5Minutes(Coroutine<String> body) {
        return VirtualClock.run(() -> timeout(ofMinutes(5), body));
    }

    @Test
    void aMonoOfAnotherScheduler_isWaitedFor() {
        Mono<String> delayed = Mono.delay(ofMillis(50)).map(tick -> "value");
        assertThat(within5Minutes(() -> await(delayed))).isEqualTo("value");
        assertThat(within5Minutes(() -> toTask(delayed).await())).isEqualTo("value");
        Mono<String> moved =
                Mono.fromCallable(() -> await50())
                        .subscribeOn(Schedulers.boundedElastic())
                        .filter(value -> true);
        assertThat(within5Minutes(() -> await(moved))).isEqualTo("value");
    }

    private static String await50() {
        return Mono.delay(ofMillis(50)).thenReturn("value").block();
    }

    @Test
    void aBodyOnAnotherLoop_isWaitedFor() {
        try (EventLoop other = EventLoop.start("other")) {
            Mono<String> there =
                    mono(
                            other,
                            () -> {
                                sleep(ofMillis(50));
                                return "value";
                            });
            assertThat(within5Minutes(() -> await(there.map(value -> value)))).isEqualTo("value");
            Flux<String> stream =
                    flux(
                            other,
                            emitter -> {
                                sleep(ofMillis(50));
                                emitter.emit("value");
                            });
            assertThat(within5Minutes(() -> await(stream))).isEqualTo("value");
        }
    }

    /** Its elements together take longer than one is waited for. */
    @Test
    void aStream_isWaitedForAnewWithEachElement() {
        List<Long> got = new ArrayList<>();
        within5Minutes(() -> {
            forEach(Flux.interval(ofMillis(400)).take(4), got::add);
            return "all";
        });
        assertThat(got).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void oneThatNeverComes_isWaitedForALittle_andNotAtAllWhereNothingSaysThatItRunsElsewhere() {
        long began = System.nanoTime();
        assertThatThrownBy(() ->
                        within5Minutes(
                                () -> await(Mono.<String>never().publishOn(Schedulers.parallel()))))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(System.nanoTime() - began)
                .isBetween(ofSeconds(1).toNanos(), ofSeconds(10).toNanos());
        began = System.nanoTime();
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> timeout(ofHours(1), () -> await(Mono.never())))
                        .isInstanceOf(AsyncTimeoutException.class);
                Mono<Object> here = Mono.never().publishOn(scheduler(loop));
                assertThatThrownBy(() -> timeout(ofHours(1), () -> await(here)))
                        .isInstanceOf(AsyncTimeoutException.class);
                await(
                        mono(
                                loop,
                                () -> {
                                    sleep(ofHours(1));
                                    return "here";
                                }));
            }
        });
        assertThat(System.nanoTime() - began).isLessThan(ofSeconds(5).toNanos());
    }

    @Test
    void whatWasCancelled_isNotWaitedForAnyMore() {
        VirtualClock.run(() -> {
            long began = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                var waiting = createTask(() -> await(Mono.delay(ofHours(1))));
                yieldNow();
                waiting.cancel();
                sleep(ofHours(1));
            }
            assertThat(System.nanoTime() - began).isLessThan(ofSeconds(5).toNanos());
        });
    }
}
