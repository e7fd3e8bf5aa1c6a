package dev.rondo.users;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.Awaitable;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.reactor.ElementStream;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import reactor.util.function.Tuple2;

import java.util.List;
import java.util.Optional;

/** The calls of the bridge: monos, fluxes, what awaits them, and operators. */
class ApiSurfaceReactorTest extends ApiSurfaceTest {
    @Test
    void monos() {
        try (EventLoop loop = EventLoop.start("surface")) {
            Mono<Integer> lambda = mono(() -> 1);
            Mono<String> reference = mono(this::greeting);
            Mono<Integer> ofClass = mono(loop, ApiSurfaceTest::number);
            Mono<Void> action = mono(this::work);
            Mono<Void> block =
                    mono(() -> {
                        sleep(ofMillis(1));
                    });
            Mono<Void> onLoop = mono(loop, () -> sleep(ofMillis(1)));
            Mono<Void> referenceOnLoop = mono(loop, this::work);
            Mono<Object> wider = mono(this::greeting);
            Mono<Number> widerLambda = mono(() -> 1);
            Mono<String> awaiting =
                    mono(() -> {
                        String first = await(load(1));
                        List<String> more = await(Flux.just("a", "b").collectList());
                        return first + more;
                    });
            assertThat(lambda.block()).isEqualTo(1);
            assertThat(reference.block()).isEqualTo("hello");
            assertThat(ofClass.block()).isEqualTo(7);
            assertThat(action.then(block).then(onLoop).then(referenceOnLoop).block()).isNull();
            assertThat(wider.block()).isEqualTo("hello");
            assertThat(widerLambda.block()).isEqualTo(1);
            assertThat(awaiting.block()).isEqualTo("loaded 1[a, b]");
            assertThat(
                            Flux.range(1, 3)
                                    .concatMap(id -> mono(() -> await(load(id))))
                                    .collectList()
                                    .block())
                    .hasSize(3);
            Mono<Integer> ofTask = toMono(loop.submit(this::answer));
            assertThat(ofTask.block()).isEqualTo(42);
            Tuple2<Integer, String> two = zip(this::answer, this::greeting).block();
            assertThat(two.getT1() + two.getT2()).isEqualTo("42hello");
            assertThat(zip(() -> 1, () -> "b", () -> 'c').block().getT3()).isEqualTo('c');
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4).block().getT4()).isEqualTo(4);
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5).block().size())
                    .isEqualTo(5);
            assertThat(zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6).block().size())
                    .isEqualTo(6);
            assertThat(
                            zip(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6, () -> 7)
                                    .block()
                                    .size())
                    .isEqualTo(7);
            assertThat(
                            zip(
                                            () -> 1,
                                            () -> 2,
                                            () -> 3,
                                            () -> 4,
                                            () -> 5,
                                            () -> 6,
                                            () -> 7,
                                            this::answer)
                                    .block()
                                    .getT8())
                    .isEqualTo(42);
            List<Coroutine<Integer>> bodies = List.of(this::answer, () -> 6);
            List<Integer> all = ReactorBridgeZip.of(bodies).block();
            assertThat(all).containsExactly(42, 6);
        }
    }

    /** As a method of a service would return it. */
    private static final class ReactorBridgeZip {
        static Mono<List<Integer>> of(List<Coroutine<Integer>> bodies) {
            return zip(bodies);
        }
    }

    @Test
    void awaits() {
        VirtualClock.run(() -> {
            String ofMono = await(load(1));
            int ofFlux = await(Flux.just(1, 2));
            Publisher<String> publisher = load(3);
            String ofPublisher = await(publisher);
            assertThat(ofMono + ofFlux + ofPublisher).isEqualTo("loaded 12loaded 3");
            assertThat(awaitFirst(Flux.just(1, 2))).isEqualTo(1);
            Optional<Object> none = awaitOptional(Mono.empty());
            Optional<String> some = awaitOptional(load(1));
            assertThat(none).isEmpty();
            assertThat(some).contains("loaded 1");
            Task<String> task = toTask(load(4));
            Task<Object> wider = toTask(load(4));
            assertThat(task.await()).isEqualTo(wider.await());
            assertThat(gather(toTask(load(1)), createTask(this::greeting)).await()).hasSize(2);
            Awaitable<String> awaitable = toTask(load(5));
            assertThat(waitFor(awaitable, ofSeconds(1))).isEqualTo("loaded 5");
            await(mono(this::work));
            await(Mono.fromRunnable(() -> trail.add("ran")));
            Void nothing = await(Mono.<Void>empty());
            assertThat(nothing).isNull();
            String method = load(6).map(value -> value + "!").as(mono -> await(mono));
            assertThat(method).isEqualTo("loaded 6!");
            ContextView view = contextView();
            assertThat(view.isEmpty()).isTrue();
            Mono<String> user = mono(() -> contextView().get("user"));
            assertThat(await(user.contextWrite(Context.of("user", "ada")))).isEqualTo("ada");
        });
    }

    @Test
    void fluxes_andOperators() {
        try (EventLoop loop = EventLoop.start("surface")) {
            Flux<Integer> lambda =
                    flux(emitter -> {
                        emitter.emit(1);
                        emitter.tryEmit(2);
                    });
            Flux<String> reference = flux(this::emitTwo);
            Flux<String> onLoop = flux(loop, this::emitTwo);
            Flux<Integer> blockOnLoop =
                    flux(
                            loop,
                            emitter -> {
                                for (int i = 0; i < 3; i++) {
                                    emitter.emit(i);
                                }
                            });
            Flux<Integer> expression = flux(emitter -> emitter.emit(1));
            assertThat(lambda.collectList().block()).containsExactly(1, 2);
            assertThat(reference.concatWith(onLoop).count().block()).isEqualTo(4);
            assertThat(blockOnLoop.concatWith(expression).count().block()).isEqualTo(4);
            assertThat(
                            Flux.range(1, 4)
                                    .transform(filterAwait(this::isEven))
                                    .transform(mapAwait(this::doubled))
                                    .transform(flatMapAwait(2, value -> await(load(value))))
                                    .collectList()
                                    .block())
                    .containsExactly("loaded 4", "loaded 8");
            assertThat(Flux.range(1, 2).transform(mapAwait(id -> await(load(id)))).blockLast())
                    .isEqualTo("loaded 2");
            loop.submit(
                            () -> {
                                for (int value : iterate(Flux.range(1, 3))) {
                                    trail.add(value);
                                }
                                try (ElementStream<String> stream = iterate(reference, 1)) {
                                    for (String value : stream) {
                                        trail.add(value);
                                    }
                                }
                            })
                    .join();
            assertThat(trail).containsExactly(1, 2, 3, "one", "two");
            Scheduler scheduler = scheduler(loop);
            assertThat(Mono.fromCallable(this::answer).subscribeOn(scheduler).block())
                    .isEqualTo(42);
            newLoopScheduler("surface-2").dispose();
        }
    }
}
