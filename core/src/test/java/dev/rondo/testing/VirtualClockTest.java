package dev.rondo.testing;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.sleep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.EventLoop;
import dev.rondo.Promise;
import dev.rondo.Task;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class VirtualClockTest {
    @Test
    void anHourTakesNoTime_andEndsExactlyThen() {
        long began = System.nanoTime();
        VirtualClock.run(() -> {
            for (int i = 0; i < 1000; i++) {
                sleep(Duration.ofHours(1));
            }
            assertThat(currentLoop().time()).isEqualTo(Duration.ofHours(1000).toNanos());
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void timeStandsStillWhileAnythingCanRun() {
        VirtualClock.run(() -> {
            boolean[] due = new boolean[1];
            currentLoop().callLater(Duration.ofNanos(1), () -> due[0] = true);
            for (int i = 0; i < 1000; i++) {
                dev.rondo.Async.yieldNow();
            }
            assertThat(due[0]).isFalse();
            assertThat(currentLoop().time()).isZero();
        });
    }

    @Test
    void whileWorkOutsideIsUnderWay_timeWaitsForIt() {
        List<String> trail = new ArrayList<>();
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            CountDownLatch go = new CountDownLatch(1);
            Promise<String> promise = loop.newPromise();
            EventLoop.Hold hold = loop.holdTime();
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            return;
                        }
                        promise.complete("outside");
                        hold.close();
                        hold.close();
                    });
            Task<?> sleeper =
                    createTask(() -> {
                        sleep(Duration.ofNanos(1));
                        trail.add("sleeper");
                    });
            dev.rondo.Async.yieldNow();
            go.countDown();
            trail.add(promise.await());
            sleeper.await();
        });
        assertThat(trail).containsExactly("outside", "sleeper");
    }

    @Test
    void aResultAndALoopOfOnesOwn() {
        assertThat(VirtualClock.run(() -> 5)).isEqualTo(5);
        VirtualClock clock = new VirtualClock();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            loop.run(() -> sleep(Duration.ofMinutes(1)));
            assertThat(clock.nanoTime()).isEqualTo(Duration.ofMinutes(1).toNanos());
        }
    }

    @Test
    void movedByHand_itMakesDueWhatComesBehindWhatIsReady_andNeverGoesBack() {
        List<String> trail = new ArrayList<>();
        VirtualClock clock = new VirtualClock();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            loop.run(() -> {
                loop.callLater(Duration.ofSeconds(5), () -> trail.add("due"));
                loop.callSoon(() -> trail.add("ready"));
                clock.advance(Duration.ofSeconds(7));
                sleep(Duration.ZERO);
                trail.add("at " + loop.time() / 1_000_000_000);
                sleep(Duration.ZERO);
            });
        }
        assertThat(trail).containsExactly("ready", "at 7", "due");
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not go back");
    }
}
