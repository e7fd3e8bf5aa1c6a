package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** Functions that await, within Reactor's chains. */
class OperatorsAwaitTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    /** Takes the longer the smaller the value is; counts how many are under way. */
    private int slowly(int value) {
        trail.add("begin " + value);
        try {
            sleep(ofMillis(100 - value * 10L));
        } catch (CancellationException e) {
            trail.add("cancelled " + value);
            throw e;
        }
        trail.add("end " + value);
        return value * 10;
    }

    @Test
    void mapAwait_oneAfterAnother_inOrder() {
        VirtualClock.run(() -> {
            Flux<Integer> mapped = Flux.range(1, 3).transform(mapAwait(this::slowly));
            trail.add(await(mapped.collectList()));
            assertThat(currentLoop().time()).isEqualTo(ofMillis(240).toNanos());
        });
        assertThat(trail)
                .containsExactly(
                        "begin 1",
                        "end 1",
                        "begin 2",
                        "end 2",
                        "begin 3",
                        "end 3",
                        List.of(10, 20, 30));
    }

    @Test
    void filterAwait_keepsTheOrder_andDiscardsTheOthers() {
        VirtualClock.run(() ->
                FluxProbe.with(
                        FluxProbe.recording(trail),
                        () -> {
                            Flux<Integer> odd =
                                    Flux.range(1, 4)
                                            .transform(
                                                    filterAwait(value -> {
                                                        sleep(ofSeconds(1));
                                                        return value % 2 == 1;
                                                    }));
                            for (int value : iterate(odd)) {
                                trail.add(value);
                            }
                        }));
        assertThat(trail).containsExactly(1, "discarded 2", 3, "discarded 4");
    }

    @Test
    void flatMapAwait_soManyAtOnce_resultsAsTheyCome() {
        VirtualClock.run(() -> {
            Flux<Integer> mapped = Flux.range(1, 4).transform(flatMapAwait(2, this::slowly));
            trail.add(await(mapped.collectList()));
        });
        assertThat(trail)
                .containsExactly(
                        "begin 1",
                        "begin 2",
                        "end 2",
                        "begin 3",
                        "end 1",
                        "begin 4",
                        "end 3",
                        "end 4",
                        List.of(20, 10, 30, 40));
    }

    @Test
    void flatMapSequentialAwait_soManyAtOnce_resultsInTheOrderOfTheElements() {
        VirtualClock.run(() -> {
            Flux<Integer> mapped =
                    Flux.range(1, 4).transform(flatMapSequentialAwait(4, this::slowly));
            trail.add(await(mapped.collectList()));
            assertThat(currentLoop().time()).isEqualTo(ofMillis(90).toNanos());
        });
        assertThat(trail)
                .containsExactly(
                        "begin 1",
                        "begin 2",
                        "begin 3",
                        "begin 4",
                        "end 4",
                        "end 3",
                        "end 2",
                        "end 1",
                        List.of(10, 20, 30, 40));
    }

    @Test
    void theConcurrency_isNeverExceeded() {
        for (int concurrency : List.of(1, 3, 16)) {
            VirtualClock.run(() -> {
                AtomicInteger now = new AtomicInteger();
                AtomicInteger most = new AtomicInteger();
                AsyncFunction<Integer, Integer> counted =
                        value -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            sleep(ofMillis(value % 7));
                            now.decrementAndGet();
                            return value;
                        };
                Flux<Integer> source = Flux.range(1, 200);
                assertThat(await(source.transform(flatMapAwait(concurrency, counted)).count()))
                        .isEqualTo(200);
                assertThat(most).hasValue(concurrency);
                most.set(0);
                assertThat(
                                await(
                                        source.transform(
                                                        flatMapSequentialAwait(
                                                                concurrency, counted))
                                                .collectList()))
                        .isEqualTo(await(source.collectList()));
                assertThat(most).hasValue(concurrency);
            });
        }
    }

    @Test
    void aConcurrencyOfNone_isRefused() {
        assertThatThrownBy(() -> flatMapAwait(0, value -> value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> flatMapSequentialAwait(-1, value -> value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mapAwait(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void cancelDownstream_cancelsWhatIsUnderWay_andTheSource() {
        VirtualClock.run(() -> {
            FluxProbe<Integer> probe = new FluxProbe<>(9);
            Flux.range(1, 9)
                    .concatWith(Flux.never())
                    .doOnCancel(() -> trail.add("cancel"))
                    .transform(flatMapAwait(2, this::slowly))
                    .subscribe(probe);
            settle();
            probe.cancel();
            settle();
            assertThat(probe.trail).containsExactly("subscribed");
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail)
                .containsExactly("begin 1", "begin 2", "cancel", "cancelled 1", "cancelled 2");
    }

    @Test
    void anError_isTheFluxes_asTheSameObject_andTheOthersAreCancelled() {
        IOException failure = new IOException("K");
        VirtualClock.run(() -> {
            Flux<Integer> failing =
                    Flux.range(1, 9)
                            .transform(
                                    flatMapAwait(
                                            3,
                                            value -> {
                                                if (value == 2) {
                                                    sleep(ofMillis(1));
                                                    throw failure;
                                                }
                                                return slowly(value);
                                            }));
            assertThatThrownBy(() -> await(failing)).hasCause(failure);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).containsExactly("begin 1", "begin 3", "cancelled 1", "cancelled 3");
    }

    @Test
    void anErrorOfTheSource_endsAtOnceWhatIsUnderWay_asWithConcatMap() {
        IllegalStateException failure = new IllegalStateException("K");
        VirtualClock.run(() -> {
            Flux<Integer> source = Flux.concat(Flux.just(1), Flux.error(failure));
            assertThatThrownBy(() -> await(source.transform(mapAwait(this::slowly))))
                    .isSameAs(failure);
            assertThatThrownBy(() -> await(source.transform(filterAwait(v -> slowly(v) > 0))))
                    .isSameAs(failure);
            settle();
            assertThat(allTasks()).hasSize(1);
        });
        assertThat(trail).isEmpty();
    }

    @Test
    void afterAFunctionHasFailed_noElementIsLookedAt() {
        IllegalStateException failure = new IllegalStateException("K");
        VirtualClock.run(() -> {
            for (var operator :
                    List.of(
                            filterAwait((Integer value) -> fails(value, failure) > 0),
                            ReactorBridge.<Integer, Integer>mapAwait(v -> fails(v, failure)),
                            ReactorBridge.<Integer, Integer>flatMapAwait(1, v -> fails(v, failure)),
                            ReactorBridge.<Integer, Integer>flatMapSequentialAwait(
                                    1, v -> fails(v, failure)))) {
                assertThatThrownBy(() -> await(Flux.range(1, 4).transform(operator)))
                        .isSameAs(failure);
                settle();
            }
        });
        assertThat(trail)
                .containsExactly(
                        "asked 1", "asked 2", "asked 1", "asked 2", "asked 1", "asked 2", "asked 1",
                        "asked 2");
    }

    private int fails(int value, RuntimeException failure) {
        trail.add("asked " + value);
        if (value == 2) {
            throw failure;
        }
        return value;
    }

    @Test
    void aResultOfNull_isAnError() {
        VirtualClock.run(() -> {
            for (var operator :
                    List.of(
                            ReactorBridge.<Integer, Integer>mapAwait(value -> null),
                            ReactorBridge.<Integer, Integer>flatMapAwait(2, value -> null),
                            ReactorBridge.<Integer, Integer>flatMapSequentialAwait(
                                    2, value -> null),
                            ReactorBridge.<Integer>filterAwait(value -> null))) {
                assertThatThrownBy(() -> await(Flux.just(1).transform(operator)))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("null");
            }
        });
    }

    @Test
    void theFunctionsRunOnTheLoopOfTheSubscription_whereverTheElementsComeFrom() {
        try (EventLoop loop = EventLoop.start("operators")) {
            Flux<String> names =
                    Flux.range(1, 20)
                            .publishOn(Schedulers.parallel())
                            .transform(mapAwait(value -> currentLoop().name()));
            assertThat(loop.submit(() -> Set.copyOf(await(names.collectList()))).join())
                    .containsExactly("operators");
            assertThat(Set.copyOf(names.collectList().block())).containsExactly("rondo-shared");
        }
    }

    @Test
    void theFunctionsSeeTheSubscribersContext() {
        VirtualClock.run(() -> {
            Flux<Object> seen =
                    Flux.range(1, 2)
                            .transform(mapAwait(value -> contextView().<Object>get("key")))
                            .contextWrite(Context.of("key", "k"));
            assertThat(await(seen.collectList())).containsExactly("k", "k");
        });
    }

    @Test
    void eachElement_isATaskOfItsOwn() {
        VirtualClock.run(() -> {
            Flux<String> names =
                    Flux.range(1, 3).transform(mapAwait(value -> currentTask().name()));
            assertThat(Set.copyOf(await(names.collectList()))).hasSize(3);
        });
    }
}
