package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofMillis;

import dev.rondo.Action;
import dev.rondo.EventLoop;
import dev.rondo.LoopClock;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import reactor.core.publisher.Flux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A stream that is always ready takes turns with the rest of its loop, and with nobody else. */
@Timeout(60)
class FairnessTest {
    /** So many elements are without end, but for a test that is to fail and not to hang. */
    private static final int ENDLESS = 20_000_000;

    /** What is always ready, as long as the consumer takes. */
    enum Endless {
        ITERATE {
            @Override
            void run(LongConsumer each) {
                for (int value : iterate(numbers())) {
                    each.accept(value);
                }
            }
        },
        ITERATE_ONE_BY_ONE {
            @Override
            void run(LongConsumer each) {
                for (int value : iterate(numbers(), 1)) {
                    each.accept(value);
                }
            }
        },
        FOR_EACH {
            @Override
            void run(LongConsumer each) {
                forEach(numbers(), value -> each.accept(value));
            }
        },
        EMIT {
            @Override
            void run(LongConsumer each) {
                await(
                        Flux.from(
                                        flux(emitter -> {
                                            for (int i = 0; i < ENDLESS; i++) {
                                                emitter.emit(i);
                                            }
                                        }))
                                .doOnNext(value -> each.accept((int) value)));
            }
        };

        abstract void run(LongConsumer each);

        static Flux<Integer> numbers() {
            return Flux.range(0, ENDLESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timersFire_othersRun_anotherThreadIsHeard_andACancelIsSeenSoon(Endless endless)
            throws Exception {
        AtomicLong count = new AtomicLong();
        try (EventLoop loop = EventLoop.start("fair")) {
            CountDownLatch timer = new CountDownLatch(1);
            Task<Void> busy =
                    loop.submit(() -> {
                        currentLoop().callLater(ofMillis(1), timer::countDown);
                        endless.run(value -> count.incrementAndGet());
                    });
            timer.await();
            // From another thread, while the loop is never idle.
            assertThat(loop.submit(() -> "heard").join()).isEqualTo("heard");
            List<Long> between = new ArrayList<>();
            loop.submit(
                            () -> {
                                for (int i = 0; i < 3; i++) {
                                    long before = count.get();
                                    yieldNow();
                                    between.add(count.get() - before);
                                }
                                long before = count.get();
                                busy.cancel();
                                waitAll(List.of(busy));
                                assertThat(count.get() - before).isLessThanOrEqualTo(256);
                            })
                    .join();
            assertThat(between).allSatisfy(n -> assertThat(n).isBetween(1L, 256L));
            assertThat(busy.isCancelled()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancelByItsOwnHand_isSeenSoon_thoughNothingElseIsReady(Endless endless) {
        AtomicLong after = new AtomicLong();
        VirtualClock.run(() -> {
            Task<?>[] busy = new Task<?>[1];
            busy[0] =
                    createTask(() ->
                            endless.run(value -> {
                                if (value == 1000) {
                                    busy[0].cancel();
                                } else if (value > 1000) {
                                    after.incrementAndGet();
                                }
                            }));
            waitAll(List.of(busy[0]));
        });
        assertThat(after.get()).isLessThanOrEqualTo(256);
    }

    /**
     * Counts the passes of its loop, which looks at the clock in each, as coroutines may do too.
     */
    private static final class PassCounter implements LoopClock {
        long passes;

        @Override
        public long nanoTime() {
            if (EventLoop.current() != null && currentTask() == null) {
                passes++;
            }
            return 0;
        }

        @Override
        public boolean jumpTo(long nanoTime) {
            return false;
        }
    }

    private static long passesDuring(Action work) {
        PassCounter clock = new PassCounter();
        try (EventLoop loop = EventLoop.builder().clock(clock).build()) {
            return loop.run(() -> {
                // Since without a timer it need not look at the clock.
                var never = currentLoop().callLater(ofMillis(1), () -> {});
                long before = clock.passes;
                work.run();
                never.cancel();
                return clock.passes - before;
            });
        }
    }

    @Test
    void aloneOnTheLoop_nothingIsSuspended() {
        int many = 100_000;
        Flux<Integer> range = Flux.range(0, many);
        List<Integer> seen = new ArrayList<>();
        assertThat(passesDuring(() -> iterate(range).forEach(seen::add))).isZero();
        assertThat(passesDuring(() -> forEach(range, seen::add))).isZero();
        Flux<Integer> emitted =
                flux(emitter -> {
                    for (int i = 0; i < many; i++) {
                        emitter.emit(i);
                    }
                });
        // Its task begins, and ends.
        assertThat(passesDuring(() -> await(emitted.doOnNext(seen::add).then()))).isBetween(1L, 4L);
        assertThat(seen).hasSize(3 * many);
        // The counter sees suspensions where there are any.
        assertThat(
                        passesDuring(() -> {
                            for (int i = 0; i < 10; i++) {
                                yieldNow();
                            }
                        }))
                .isEqualTo(10);
    }

    @Test
    void severalTasksEmit_eachKeepsItsOrder_andNoneIsLeftBehind() {
        int each = 2000;
        List<List<Integer>> of = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Integer> behind = new ArrayList<>();
        VirtualClock.run(() ->
                forEach(
                        flux((Emitter<int[]> emitter) ->
                                taskGroup(group -> {
                                    for (int task = 0; task < 3; task++) {
                                        int own = task;
                                        group.createTask(() -> {
                                            for (int i = 0; i < each; i++) {
                                                emitter.emit(new int[] {own, i});
                                            }
                                        });
                                    }
                                })),
                        pair -> {
                            of.get(pair[0]).add(pair[1]);
                            if (pair[1] == each - 1) {
                                of.forEach(list -> behind.add(list.size()));
                            }
                        }));
        for (List<Integer> own : of) {
            assertThat(own).hasSize(each).isSorted();
        }
        assertThat(behind).allSatisfy(size -> assertThat(size).isPositive());
    }
}
