package dev.rondo.testing;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.LoopClock;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A virtual clock beside work on other threads, which takes real time. */
class VirtualTimeAndTheOutsideTest {
    private static CompletionStage<String> stage(int millis) {
        return CompletableFuture.supplyAsync(
                () -> "value", CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    }

    private static String within5Minutes(Coroutine<String> body) {
        return VirtualClock.run(() -> timeout(ofMinutes(5), body));
    }

    @Test
    void aStageThatOthersComplete_isWaitedFor() {
        assertThat(within5Minutes(() -> await(stage(50)))).isEqualTo("value");
        assertThat(
                        within5Minutes(() ->
                                gather(() -> await(stage(30)), () -> await(stage(60)))
                                        .await()
                                        .toString()))
                .isEqualTo("[value, value]");
    }

    @Test
    void aStageThatNobodyCompletes_isWaitedForALittle() {
        long began = System.nanoTime();
        assertThatThrownBy(() -> within5Minutes(() -> await(new CompletableFuture<String>())))
                .isInstanceOf(AsyncTimeoutException.class);
        assertThat(System.nanoTime() - began).isLessThan(ofSeconds(10).toNanos());
    }

    /** What was given up holds nothing: ten of them would take ten seconds otherwise. */
    @Test
    void aStageThatIsCancelled_isNotWaitedForAnyMore() {
        VirtualClock.run(() -> {
            long began = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                var waiting = createTask(() -> await(new CompletableFuture<String>()));
                yieldNow();
                waiting.cancel();
                yieldNow();
                sleep(ofHours(1));
            }
            assertThat(System.nanoTime() - began).isLessThan(ofSeconds(5).toNanos());
        });
    }

    @Test
    void aStageOfTheLoopsOwn_isNotOutside() {
        VirtualClock.run(() -> {
            long began = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                await(createTask(() -> sleep(ofHours(1))).toCompletableFuture());
            }
            assertThat(System.nanoTime() - began).isLessThan(ofSeconds(5).toNanos());
        });
    }

    @Test
    void aBoundedHold_endsByItself_orIsReleased() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            EventLoop.Hold forgotten = loop.holdTime(ofMillis(50));
            long began = System.nanoTime();
            sleep(ofHours(1));
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(ofMillis(50).toNanos());
            forgotten.close();
            EventLoop.Hold released = loop.holdTime(ofHours(1));
            loop.callSoon(released::close);
            sleep(ofHours(1));
            assertThatThrownBy(() -> loop.holdTime(ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    void underRealTime_aHoldMeansNothing() {
        run(() -> {
            try (EventLoop.Hold hold = currentLoop().holdTime(ofHours(1))) {
                sleep(ofMillis(1));
            }
            try (EventLoop.Hold hold = currentLoop().holdTime()) {
                sleep(ofMillis(1));
            }
        });
    }

    @Test
    void aLoopTellsItsClock() {
        VirtualClock clock = new VirtualClock();
        AtomicReference<LoopClock> seen = new AtomicReference<>();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            seen.set(loop.clock());
        }
        assertThat(seen).hasValue(clock);
        assertThat(VirtualClock.<LoopClock>run(() -> currentLoop().clock()))
                .isInstanceOf(VirtualClock.class);
    }
}
