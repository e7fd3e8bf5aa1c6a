package dev.rondo;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.currentLoop;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.internal.loop.Insides;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Passes, their order, and timers. */
class LoopOrderTest {
    private final List<String> trail = new ArrayList<>();

    private Runnable note(String event) {
        return () -> trail.add(event);
    }

    @Test
    void aPassRunsWhatWasReadyWhenItBegan_andWhatItQueuesRunsInTheNext() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            loop.callSoon(() -> {
                trail.add("A");
                loop.callSoon(note("A2"));
            });
            loop.callSoon(() -> {
                trail.add("B");
                loop.callSoon(note("B2"));
            });
            loop.callSoon(note("C"));
            yieldNow();
            yieldNow();
        });
        assertThat(trail).containsExactly("A", "B", "C", "A2", "B2");
    }

    @Test
    void readyHandlesRunBeforeDueTimers_timersByDueTime() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            loop.callAt(loop.time() - 1, note("due 1 ago"));
            loop.callAt(loop.time() - 2, note("due 2 ago"));
            loop.callSoon(note("ready"));
            sleep(Duration.ofNanos(1));
        });
        assertThat(trail).containsExactly("ready", "due 2 ago", "due 1 ago");
    }

    @Test
    void whatAHandleQueues_runsBeforeATimerThatBecameDueMeanwhile() {
        VirtualClock clock = new VirtualClock();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            loop.run(() -> {
                loop.callLater(Duration.ofMillis(5), note("timer"));
                loop.callSoon(() -> {
                    clock.advance(Duration.ofMillis(10));
                    loop.callSoon(note("queued by the slow one"));
                });
                sleep(Duration.ofMillis(20));
            });
        }
        assertThat(trail).containsExactly("queued by the slow one", "timer");
    }

    @Test
    void fromAnotherThread_coroutinesAndCallbacksBeginInTheOrderTheyWereGiven() {
        try (EventLoop loop = EventLoop.create()) {
            loop.submit(() -> trail.add("coroutine"));
            loop.callSoon(note("callback"));
            loop.submit(() -> trail.add("coroutine 2"));
            loop.callSoon(note("callback 2"));
            loop.run(() -> yieldNow());
        }
        assertThat(trail).containsExactly("coroutine", "callback", "coroutine 2", "callback 2");
    }

    @Test
    void callLaterZero_runsAfterCallSoonOfTheSamePass() {
        VirtualClock.run(() -> {
            currentLoop().callLater(Duration.ZERO, note("x"));
            currentLoop().callSoon(note("y"));
            yieldNow();
            yieldNow();
        });
        assertThat(trail).containsExactly("y", "x");
    }

    @Test
    void timersOfTheSameTime_runInTheOrderTheyWereSet() {
        VirtualClock.run(() -> {
            long when = currentLoop().time() + 1000;
            for (int i = 0; i < 100; i++) {
                currentLoop().callAt(when, note("" + i));
            }
            sleep(Duration.ofMillis(1));
        });
        assertThat(trail)
                .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "" + i).toList());
    }

    @Test
    void aTimerDueNow_runsInThisPass() {
        VirtualClock.run(() -> {
            currentLoop().callAt(currentLoop().time(), note("due now"));
            yieldNow();
            trail.add("main");
        });
        assertThat(trail).containsExactly("main", "due now");
    }

    @Test
    void aDueTimerCancelledByAnotherOfItsBatch_doesNotRun() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            long when = loop.time() + 10;
            Handle[] second = new Handle[1];
            loop.callAt(when, () -> second[0].cancel());
            second[0] = loop.callAt(when, note("cancelled"));
            loop.callAt(when, note("third"));
            sleep(Duration.ofNanos(20));
        });
        assertThat(trail).containsExactly("third");
    }

    @Test
    void aHandleCancelledByAnEarlierOne_isSkipped_andLaterOnesRun() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            Handle[] second = new Handle[1];
            loop.callSoon(() -> second[0].cancel());
            second[0] = loop.callSoon(note("cancelled"));
            loop.callSoon(note("third"));
            yieldNow();
        });
        assertThat(trail).containsExactly("third");
    }

    @Test
    void aHandleThatQueuesItselfForEver_doesNotHoldUpTimers() {
        try (EventLoop loop = EventLoop.create()) {
            loop.run(() -> {
                Runnable[] again = new Runnable[1];
                boolean[] stop = new boolean[1];
                again[0] =
                        () -> {
                            if (!stop[0]) {
                                loop.callSoon(again[0]);
                            }
                        };
                again[0].run();
                sleep(Duration.ofMillis(5));
                stop[0] = true;
                trail.add("timer");
            });
        }
        assertThat(trail).containsExactly("timer");
    }

    @Test
    void callbacksOfOneForeignThread_keepTheirOrder_andWakeAnIdleLoop() throws Exception {
        try (EventLoop loop = EventLoop.start("idle")) {
            Task<List<String>> seen =
                    loop.submit(() -> {
                        Promise<Void> last = currentLoop().newPromise();
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < 5; i++) {
                                        loop.callSoon(note("" + i));
                                    }
                                    last.complete(null);
                                });
                        last.await();
                        return List.copyOf(trail);
                    });
            assertThat(seen.join()).containsExactly("0", "1", "2", "3", "4");
        }
    }

    @Test
    void time_advancesWithinAPass() {
        Async.run(() -> {
            long before = currentLoop().time();
            long after = before;
            while (after == before) {
                after = currentLoop().time();
            }
            assertThat(after).isGreaterThan(before);
        });
    }

    @Test
    void callSoonThenYield_hasRunTheCallback() {
        VirtualClock.run(() -> {
            currentLoop().callSoon(note("x"));
            yieldNow();
            trail.add("main");
        });
        assertThat(trail).containsExactly("x", "main");
    }

    @Test
    void twoTasksThatYield_takeStrictTurns() {
        VirtualClock.run(() -> {
            Task<?> a = createTask(() -> count("a"));
            Task<?> b = createTask(() -> count("b"));
            a.await();
            b.await();
        });
        assertThat(trail).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
    }

    private void count(String name) {
        for (int i = 0; i < 3; i++) {
            trail.add(name + i);
            yieldNow();
        }
    }

    @Test
    void aCancelledTimer_leavesNothingBehind() {
        VirtualClock.run(() -> {
            EventLoop loop = currentLoop();
            List<Handle> handles = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                handles.add(loop.callLater(Duration.ofHours(1 + i % 7), note("never")));
            }
            handles.forEach(Handle::cancel);
            sleep(Duration.ofSeconds(1));
            assertThat(loop.time()).isEqualTo(Duration.ofSeconds(1).toNanos());
            assertThat(Insides.timers(loop)).isZero();
        });
        assertThat(trail).isEmpty();
    }
}
