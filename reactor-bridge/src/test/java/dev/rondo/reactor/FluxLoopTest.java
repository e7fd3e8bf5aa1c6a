package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.ContextVar;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import java.util.List;
import java.util.concurrent.*;

/** Where a body runs: on which loop, and in whose context. */
class FluxLoopTest extends FluxFixture {
    private static final ContextVar<String> USER = ContextVar.of("user");

    @Test
    void onAClosedLoop_theErrorIsARejection() {
        EventLoop loop = EventLoop.start("flux");
        loop.close();
        flux(loop, (Emitter<Integer> emitter) -> emitter.emit(1)).subscribe(probe);
        assertThat(trail).hasSize(2).last().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void theLoopCloses_theBodyIsCancelled_andTheSubscriberIsTold() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        EventLoop loop = EventLoop.start("flux");
        flux(
                        loop,
                        (Emitter<Integer> emitter) -> {
                            begun.countDown();
                            emitter.emit(1);
                        })
                .subscribe(probe);
        begun.await();
        loop.close();
        assertThat(trail).hasSize(2).last().isInstanceOf(CancellationException.class);
    }

    @Test
    void withoutALoop_itIsTheSharedOne_offALoop() {
        StepVerifier.create(flux((Emitter<String> emitter) -> emitter.emit(currentLoop().name())))
                .expectNext("rondo-shared")
                .verifyComplete();
    }

    @Test
    void theBodySeesTheSubscribersContext_andItsContextVariables_andWhatItAwaitsDoesToo() {
        VirtualClock.run(() -> {
            Flux<Object> flux =
                    flux(emitter -> {
                        emitter.emit(contextView().get("key"));
                        emitter.emit(USER.get());
                        Mono<Object> inner =
                                Mono.deferContextual(view -> Mono.just(view.get("key")));
                        emitter.emit(await(inner));
                        taskGroup(group -> {
                            group.createTask(() -> emitter.emit("child: " + USER.get()));
                        });
                    });
            List<Object> seen =
                    await(flux.collectList().contextWrite(Context.of("key", "k", USER, "ada")));
            assertThat(seen).containsExactly("k", "ada", "k", "child: ada");
        });
    }
}
