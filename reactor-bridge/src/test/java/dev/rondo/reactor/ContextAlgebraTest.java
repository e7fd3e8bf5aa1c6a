package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;

import dev.rondo.ContextVar;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A coroutine's Context is a Context like any other, and keeps the coroutine's loop. */
class ContextAlgebraTest {
    private static final ContextVar<String> USER = ContextVar.of("user");
    private static final ContextVar<String> OTHER = ContextVar.of("other", "by default");
    private static final List<Object> KEYS = List.of("a", "b", "c", "d", "e", "f", USER, OTHER);

    private static void assertSame(Context ours, Map<Object, Object> model, EventLoop loop) {
        assertThat(ours.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .isEqualTo(model);
        assertThat(ours.size()).isEqualTo(model.size());
        assertThat(ours.isEmpty()).isEqualTo(model.isEmpty());
        for (Object key : KEYS) {
            Object value = model.get(key);
            assertThat(ours.hasKey(key)).isEqualTo(value != null);
            assertThat(ours.<Object>getOrEmpty(key).orElse(null)).isEqualTo(value);
            assertThat(ours.<Object>getOrDefault(key, "none"))
                    .isEqualTo(value == null ? "none" : value);
            if (value == null) {
                assertThatThrownBy(() -> ours.get(key)).isInstanceOf(NoSuchElementException.class);
                assertThatThrownBy(() -> ours.put(key, null))
                        .isInstanceOf(NullPointerException.class);
            } else {
                assertThat(ours.<Object>get(key)).isEqualTo(value);
            }
        }
        Map<Object, Object> each = new LinkedHashMap<>();
        ours.forEach(each::put);
        assertThat(each).isEqualTo(model);
        assertThat(CoroutineContext.loopOf(ours)).isSameAs(loop);
    }

    @Test
    void itsOperations_agreeWithAPlainOnes_forAnyMixOfKeys() {
        EventLoop loop = EventLoop.create();
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Context ours = CoroutineContext.current(loop);
            Map<Object, Object> model = new LinkedHashMap<>();
            for (int step = 0; step < 20; step++) {
                Object key = KEYS.get(random.nextInt(KEYS.size()));
                Map<Object, Object> more = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    more.put(KEYS.get(random.nextInt(KEYS.size())), "v" + random.nextInt());
                }
                switch (random.nextInt(6)) {
                    case 0 -> {
                        ours = ours.put(key, "v" + step);
                        model.put(key, "v" + step);
                    }
                    case 1 -> {
                        ours = ours.delete(key);
                        model.remove(key);
                    }
                    case 2 -> {
                        ours = ours.putAll(Context.of(more).readOnly());
                        model.putAll(more);
                    }
                    case 3 -> {
                        ours = ours.putAllMap(more);
                        model.putAll(more);
                    }
                    case 4 -> {
                        ours =
                                ours.putAll(
                                        CoroutineContext.current(loop).putAllMap(more).readOnly());
                        model.putAll(more);
                    }
                    default -> {
                        ours = ours.putNonNull(key, null).putNonNull(key, "n" + step);
                        model.put(key, "n" + step);
                    }
                }
                assertSame(ours, model, loop);
            }
        }
        loop.close();
    }

    @Test
    void aBodyBeginsWithIt_alsoAfterAnyWrite() {
        VirtualClock.run(() -> {
            USER.set("ada");
            Mono<String> body =
                    mono(() -> USER.orElse("-") + " " + OTHER.get() + " " + contextView().size());
            assertThat(await(body)).isEqualTo("ada by default 1");
            assertThat(await(body.contextWrite(c -> c.delete(USER)))).isEqualTo("- by default 0");
            assertThat(await(body.contextWrite(c -> c.delete(USER).put(USER, "eve").put("a", 1))))
                    .isEqualTo("eve by default 2");
            assertThat(await(body.contextWrite(c -> c.put(OTHER, "set").delete(OTHER))))
                    .isEqualTo("ada by default 1");
            assertThat(await(body.contextWrite(c -> Context.of(OTHER, "alone"))))
                    .isEqualTo("- alone 1");
        });
    }

    // The loop.

    @Test
    void aBodyThatIsSubscribedToAgainElsewhere_staysOnTheLoopOfWhoAwaitsIt() {
        try (EventLoop loop = EventLoop.start("own")) {
            AtomicInteger runs = new AtomicInteger();
            Mono<String> where = mono(() -> currentLoop() == loop ? "own" : "another");
            Mono<String> failing =
                    mono(() -> {
                        if (runs.incrementAndGet() < 3) {
                            throw new IllegalStateException("again");
                        }
                        return currentLoop() == loop ? "own" : "another";
                    });
            Flux<String> all =
                    Flux.concat(
                            failing.retryWhen(Retry.fixedDelay(3, ofMillis(1))),
                            where.repeatWhen(ends -> ends.delayElements(ofMillis(1))).take(3),
                            Mono.delay(ofMillis(1))
                                    .flatMapIterable(tick -> List.of(1))
                                    .flatMap(one ->
                                            zip(
                                                    () -> currentLoop() == loop ? "own" : "other",
                                                    () -> currentLoop() == loop ? "own" : "other"))
                                    .map(both -> both.getT1() + both.getT2()),
                            Mono.delay(ofMillis(1))
                                    .thenMany(
                                            Flux.just(1)
                                                    .transform(
                                                            mapAwait(one ->
                                                                    currentLoop() == loop
                                                                            ? "own"
                                                                            : "other"))),
                            Mono.delay(ofMillis(1))
                                    .thenMany(
                                            flux(emitter ->
                                                    emitter.emit(
                                                            currentLoop() == loop
                                                                    ? "own"
                                                                    : "other"))));
            for (boolean written : new boolean[] {false, true}) {
                runs.set(0);
                Flux<String> source =
                        written
                                ? all.contextWrite(Context.of("a", 1, USER, "ada"))
                                        .contextWrite(context -> context.delete("a"))
                                : all;
                assertThat(loop.submit(() -> await(source.collectList())).join())
                        .containsExactly("own", "own", "own", "own", "ownown", "own", "own");
            }
        }
    }

    // Work that has no subscriber.

    @Test
    void whatIsScheduledOnTheLoop_seesNothingOfWhoSchedulesIt() {
        VirtualClock.run(() -> {
            USER.set("ada");
            List<String> seen = new java.util.ArrayList<>();
            var scheduler = scheduler(currentLoop());
            Runnable look = () -> seen.add(USER.orElse("-"));
            scheduler.schedule(look);
            scheduler.schedule(look, 1, java.util.concurrent.TimeUnit.SECONDS);
            var worker = scheduler.createWorker();
            worker.schedule(look);
            worker.schedule(look, 1, java.util.concurrent.TimeUnit.SECONDS);
            var periodic =
                    scheduler.schedulePeriodically(
                            look, 0, 1, java.util.concurrent.TimeUnit.SECONDS);
            createTask(() -> sleep(ofMillis(1500))).await();
            periodic.dispose();
            // The signals of a task's Mono have no more of its subscriber than those of a timer.
            toMono(createTask(() -> sleep(ofMillis(1)))).doOnTerminate(look).subscribe();
            sleep(ofMillis(10));
            assertThat(seen).hasSize(7).containsOnly("-");
        });
    }
}
