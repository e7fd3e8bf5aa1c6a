package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.GroupedFlux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Reactor's operators on a loop: what they give, when, and that they stay on it. */
class OperatorsTest {
    private final List<String> trail = new ArrayList<>();

    /** Subscribes, and notes each signal with its virtual time, for a minute. */
    private void play(Function<Scheduler, Publisher<?>> pipeline) {
        VirtualClock.run(() -> {
            EventLoop loop = Async.currentLoop();
            Scheduler scheduler = scheduler(loop);
            Flux.from(pipeline.apply(scheduler))
                    .subscribe(
                            value -> note(loop, "" + value),
                            e -> note(loop, e.getClass().getSimpleName()),
                            () -> note(loop, "end"));
            Async.sleep(ofSeconds(60));
        });
    }

    private void note(EventLoop loop, String event) {
        assertThat(loop.inLoop()).isTrue();
        trail.add(event + " at " + loop.time() / 1_000_000);
    }

    @Test
    void publishOn_takesTheSignalsOfAnotherThreadToTheLoop_inOrder() {
        try (EventLoop loop = EventLoop.start("publishOn")) {
            List<Boolean> onLoop = new ArrayList<>();
            List<Integer> values =
                    Flux.range(0, 10_000)
                            .publishOn(scheduler(loop))
                            .doOnNext(value -> onLoop.add(loop.inLoop()))
                            .collectList()
                            .block(ofSeconds(10));
            assertThat(values).hasSize(10_000).isSorted();
            assertThat(onLoop).hasSize(10_000).doesNotContain(false);
        }
    }

    @Test
    void subscribeOn_subscribesOnTheLoop() {
        try (EventLoop loop = EventLoop.start("subscribeOn")) {
            Mono<Boolean> where = Mono.fromSupplier(loop::inLoop).subscribeOn(scheduler(loop));
            assertThat(where.block(ofSeconds(10))).isTrue();
            assertThat(
                            Flux.range(0, 1000)
                                    .subscribeOn(scheduler(loop))
                                    .all(value -> loop.inLoop())
                                    .block(ofSeconds(10)))
                    .isTrue();
        }
    }

    @Test
    void delayElements() {
        play(scheduler -> Flux.just("a", "b").delayElements(ofSeconds(1), scheduler));
        assertThat(trail).containsExactly("a at 1000", "b at 2000", "end at 2000");
    }

    @Test
    void interval() {
        play(scheduler -> Flux.interval(ofSeconds(5), ofSeconds(1), scheduler).take(3));
        assertThat(trail).containsExactly("0 at 5000", "1 at 6000", "2 at 7000", "end at 7000");
    }

    @Test
    void timeout() {
        play(scheduler ->
                Flux.just(ofMillis(900), ofMillis(1100))
                        .concatMap(delay -> Mono.delay(delay, scheduler).thenReturn(delay))
                        .timeout(ofSeconds(1), scheduler));
        assertThat(trail)
                .containsExactly(
                        "PT0.9S at 900", TimeoutException.class.getSimpleName() + " at 1900");
    }

    @Test
    void bufferTimeout() {
        play(scheduler ->
                Flux.interval(ofMillis(400), scheduler)
                        .take(6)
                        .concatWith(Mono.delay(ofSeconds(3), scheduler))
                        .bufferTimeout(4, ofSeconds(1), scheduler));
        assertThat(trail)
                .containsExactly(
                        "[0, 1, 2] at 1400", "[3, 4, 5] at 2600", "[0] at 5400", "end at 5400");
    }

    @Test
    void windowTimeout() {
        play(scheduler ->
                Flux.interval(ofMillis(400), scheduler)
                        .take(5)
                        .windowTimeout(2, ofSeconds(10), scheduler)
                        .flatMap(Flux::collectList));
        assertThat(trail)
                .containsExactly("[0, 1] at 800", "[2, 3] at 1600", "[4] at 2000", "end at 2000");
    }

    @Test
    void retryWithBackoff() {
        play(scheduler ->
                Mono.defer(
                                () -> {
                                    trail.add("try");
                                    return trail.size() < 4
                                            ? Mono.error(new IllegalStateException())
                                            : Mono.just("ok");
                                })
                        .retryWhen(Retry.backoff(5, ofSeconds(1)).jitter(0).scheduler(scheduler)));
        assertThat(trail).containsExactly("try", "try", "try", "try", "ok at 7000", "end at 7000");
    }

    @Test
    void cacheWithTimeToLive() {
        int[] loads = new int[1];
        play(scheduler -> {
            Mono<Integer> cached =
                    Mono.fromSupplier(() -> ++loads[0]).cache(ofSeconds(10), scheduler);
            return Flux.interval(ofSeconds(4), scheduler).take(4).concatMap(tick -> cached);
        });
        assertThat(trail)
                .containsExactly(
                        "1 at 4000", "1 at 8000", "1 at 12000", "2 at 16000", "end at 16000");
    }

    @Test
    void elapsed_measuresTheLoopsTime() {
        play(scheduler ->
                Flux.interval(ofSeconds(2), scheduler)
                        .take(2)
                        .elapsed(scheduler)
                        .map(timed -> "after " + timed.getT1()));
        assertThat(trail)
                .containsExactly("after 2000 at 2000", "after 2000 at 4000", "end at 4000");
    }

    @Test
    void groupBy() {
        play(scheduler ->
                Flux.range(1, 6)
                        .groupBy(value -> value % 2 == 0 ? "even" : "odd")
                        .flatMap(group -> sumLater(group, scheduler)));
        assertThat(trail)
                .containsExactlyInAnyOrder("odd 9 at 1000", "even 12 at 1000", "end at 1000");
    }

    private static Mono<String> sumLater(GroupedFlux<String, Integer> group, Scheduler scheduler) {
        return group.publishOn(scheduler)
                .reduce(Integer::sum)
                .delayElement(ofSeconds(1), scheduler)
                .map(sum -> group.key() + " " + sum);
    }

    @Test
    void flatMap_withInnersOnTheSameLoop() {
        play(scheduler ->
                Flux.just(3, 1, 2)
                        .flatMap(n ->
                                Flux.range(0, 2)
                                        .publishOn(scheduler)
                                        .delayElements(ofSeconds(n), scheduler)
                                        .map(i -> n + "/" + i)));
        assertThat(trail)
                .containsExactly(
                        "1/0 at 1000",
                        "2/0 at 2000",
                        "1/1 at 2000",
                        "3/0 at 3000",
                        "2/1 at 4000",
                        "3/1 at 6000",
                        "end at 6000");
    }

    @Test
    void share_andReplay() {
        play(scheduler -> {
            Flux<Long> ticks = Flux.interval(ofSeconds(1), scheduler).take(3);
            Flux<Long> shared = ticks.share();
            Flux<Long> replayed = ticks.replay(ofSeconds(30), scheduler).autoConnect();
            replayed.subscribe();
            return Flux.merge(
                    shared.map(tick -> "shared " + tick),
                    shared.map(tick -> "too " + tick),
                    Mono.delay(ofSeconds(10), scheduler)
                            .thenMany(replayed)
                            .map(tick -> "replayed " + tick));
        });
        assertThat(trail)
                .containsExactly(
                        "shared 0 at 1000",
                        "too 0 at 1000",
                        "shared 1 at 2000",
                        "too 1 at 2000",
                        "shared 2 at 3000",
                        "too 2 at 3000",
                        "replayed 0 at 10000",
                        "replayed 1 at 10000",
                        "replayed 2 at 10000",
                        "end at 10000");
    }

    @Test
    void sinks_fedByTasksAndCoroutinesOfTheLoop() {
        play(scheduler -> {
            Sinks.Many<String> sink = Sinks.many().multicast().onBackpressureBuffer();
            Async.createTask(() -> {
                for (int i = 0; i < 2; i++) {
                    Async.sleep(ofSeconds(2));
                    sink.tryEmitNext("coroutine").orThrow();
                }
                sink.tryEmitComplete().orThrow();
            });
            scheduler.schedule(() -> sink.tryEmitNext("task").orThrow(), 1, TimeUnit.SECONDS);
            return sink.asFlux().publishOn(scheduler);
        });
        assertThat(trail)
                .containsExactly(
                        "task at 1000", "coroutine at 2000", "coroutine at 4000", "end at 4000");
    }
}
