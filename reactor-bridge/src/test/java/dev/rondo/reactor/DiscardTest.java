package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofSeconds;

import dev.rondo.Action;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * {@code doOnDiscard} on what a coroutine awaits or iterates sees, once each, what is dropped
 * there: else a pooled buffer or a connection has no owner.
 */
class DiscardTest {
    private final List<Object> trail = new ArrayList<>();

    /** Where the hook is written, seen from the publisher. */
    private final Map<String, UnaryOperator<Flux<String>>> written = new LinkedHashMap<>();

    {
        written.put("directly", this::hooked);
        written.put("under a checkpoint", source -> hooked(source).checkpoint("here"));
        written.put("over a checkpoint", source -> hooked(source.checkpoint("here")));
        written.put("under a write", source -> hooked(source).contextWrite(Context.of("a", 1)));
        written.put("over a write", source -> hooked(source.contextWrite(Context.of("a", 1))));
        written.put(
                "under both",
                source ->
                        hooked(source).checkpoint().contextWrite(Context.of("a", 1)).checkpoint());
        written.put("under a map", source -> hooked(source).map(value -> value));
    }

    @AfterEach
    void reset() {
        Hooks.resetOnOperatorDebug();
    }

    private Flux<String> hooked(Flux<String> source) {
        return source.doOnDiscard(String.class, value -> trail.add("discarded " + value));
    }

    /** What drops values, given a source that gives a, b, c and does not end. */
    private final Map<String, Consumer<Flux<String>>> drops = new LinkedHashMap<>();

    {
        drops.put(
                "await",
                source -> {
                    Task<?> task = createTask(() -> await(source));
                    FluxProbe.settle();
                    task.cancel();
                    waitAll(List.of(task));
                });
        drops.put(
                "toTask",
                source -> {
                    Task<?> task = toTask(source);
                    FluxProbe.settle();
                    task.cancel();
                    waitAll(List.of(task));
                });
        drops.put(
                "close",
                source -> {
                    try (ElementStream<String> stream = iterate(source)) {
                        Iterator<String> iterator = stream.iterator();
                        iterator.hasNext();
                    }
                });
        drops.put(
                "the end of the task",
                source -> createTask(() -> iterate(source).iterator().hasNext()).await());
        drops.put(
                "cancel",
                source -> {
                    Task<?> task =
                            createTask(() -> {
                                iterate(source).iterator().hasNext();
                                currentLoop().newPromise().await();
                            });
                    FluxProbe.settle();
                    task.cancel();
                    waitAll(List.of(task));
                });
    }

    private static Flux<String> endless() {
        return Flux.concat(Flux.just("a", "b", "c"), Flux.never());
    }

    /** Each kind of drop, with the hook in each place. */
    private void each(String where, Consumer<Action> run, List<Object> besides) {
        written.forEach((place, write) ->
                drops.forEach((what, drop) -> {
                    trail.clear();
                    Flux<String> source = write.apply(endless());
                    run.accept(() -> drop.accept(source));
                    List<Object> expected = new ArrayList<>();
                    for (String value : List.of("a", "b", "c")) {
                        expected.add("discarded " + value);
                        besides.forEach(prefix -> expected.add(prefix + value));
                    }
                    assertThat(trail)
                            .as(what + ", written " + place + ", " + where)
                            .containsExactlyInAnyOrderElementsOf(expected);
                }));
    }

    private void inEachPlace() {
        each("in run", VirtualClock::run, List.of());
        each(
                "in submit",
                drop -> {
                    try (EventLoop loop = EventLoop.start("discards")) {
                        loop.submit(drop).join();
                    }
                },
                List.of());
        each("in a body", drop -> VirtualClock.run(() -> await(mono(drop))), List.of());
        each(
                "in a body with a hook",
                drop ->
                        VirtualClock.run(() ->
                                await(
                                        mono(drop)
                                                .doOnDiscard(
                                                        String.class,
                                                        value -> trail.add("outer " + value)))),
                List.of("outer "));
    }

    @Test
    void everyValueOnce_whereverTheHookIsWritten() {
        inEachPlace();
    }

    @Test
    void everyValueOnce_withOperatorsUnderDebug() {
        Hooks.onOperatorDebug();
        inEachPlace();
    }

    @Test
    void awaitThatFails_whatCameBefore() {
        written.forEach((place, write) -> {
            trail.clear();
            IllegalStateException bad = new IllegalStateException("bad");
            Flux<String> source =
                    write.apply(Flux.concat(Flux.just("a", "b", "c"), Flux.error(bad)));
            VirtualClock.run(() -> assertThatThrownBy(() -> await(source)).hasMessage("bad"));
            assertThat(trail)
                    .as(place)
                    .containsExactly("discarded a", "discarded b", "discarded c");
        });
    }

    @Test
    void awaitFirst_whatComesAfterwards() {
        VirtualClock.run(() -> {
            AtomicReference<FluxSink<String>> sink = new AtomicReference<>();
            Task<String> first =
                    createTask(
                            () -> awaitFirst(hooked(Flux.create(sink::set)).contextWrite(c -> c)));
            FluxProbe.settle();
            sink.get().next("a");
            // A result that nobody will take any more.
            first.cancel();
            waitAll(List.of(first));
            sink.get().next("b");
        });
        assertThat(trail).containsExactlyInAnyOrder("discarded a", "discarded b");
    }

    @Test
    void aTimeoutRoundAwait_whileTheValueWaitsForTheCompletion() {
        VirtualClock.run(() -> {
            Mono<String> held =
                    hooked(Flux.concat(Flux.just("a"), Flux.never()))
                            .contextWrite(c -> c)
                            .as(source -> Mono.fromDirect(source));
            try {
                timeout(ofSeconds(1), () -> await(held));
            } catch (dev.rondo.AsyncTimeoutException e) {
                trail.add("timeout");
            }
        });
        assertThat(trail).containsExactly("discarded a", "timeout");
    }

    @Test
    void closedByAnotherThread_afterTheLoopHasClosed() {
        AtomicReference<ElementStream<String>> left = new AtomicReference<>();
        try (EventLoop loop = EventLoop.create()) {
            loop.run(() -> {
                ElementStream<String> stream = iterate(hooked(endless()));
                left.set(stream);
                assertThat(stream.iterator().next()).isEqualTo("a");
            });
        }
        left.get().close();
        assertThat(trail).containsExactly("discarded b", "discarded c");
    }

    @Test
    void cancelledBeforeItSubscribes_nothingIsMade() {
        VirtualClock.run(() -> {
            Task<?> task =
                    createTask(() -> {
                        currentTask().cancel();
                        await(Flux.just("a", "b").doOnNext(trail::add));
                    });
            waitAll(List.of(task));
            try {
                task.await();
            } catch (CancellationException e) {
                trail.add("cancelled");
            }
        });
        assertThat(trail).containsExactly("cancelled");
    }
}
