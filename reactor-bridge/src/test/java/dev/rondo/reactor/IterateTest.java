package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.EventLoop;
import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.atomic.AtomicReference;

/** A loop over a publisher among threads, tasks, contexts and other loops; and forEach. */
class IterateTest extends IterateFixture {
    @Test
    void publishersOnOtherThreads_areWelcome_andTheCoroutineStaysOnTheLoop() {
        for (int prefetch : List.of(1, 2, 256, Integer.MAX_VALUE)) {
            try (EventLoop loop = EventLoop.start("iterate")) {
                Flux<Integer> source = Flux.range(1, 2_000).publishOn(Schedulers.parallel());
                List<Integer> got =
                        loop.submit(
                                        () -> {
                                            List<Integer> values = new ArrayList<>();
                                            for (int value : iterate(source, prefetch)) {
                                                assertThat(loop.inLoop()).isTrue();
                                                values.add(value);
                                            }
                                            return values;
                                        })
                                .join();
                assertThat(got).isEqualTo(source.collectList().block());
            }
        }
    }

    @Test
    void theLoopGoesOn_whileOneTaskIterates() {
        running(() -> {
            Task<?> ticker =
                    createTask(() -> {
                        for (int i = 0; i < 3; i++) {
                            trail.add("tick");
                            sleep(ofMillis(100));
                        }
                    });
            Flux<Integer> slow =
                    flux(emitter -> {
                        for (int i = 1; i <= 3; i++) {
                            sleep(ofMillis(90));
                            emitter.emit(i);
                        }
                    });
            for (int value : iterate(slow)) {
                trail.add(value);
            }
            ticker.await();
        });
        assertThat(trail).containsExactly("tick", 1, "tick", 2, "tick", 3);
    }

    @Test
    void thePublisherSeesTheCoroutinesContext() {
        Flux<Object> source = Flux.deferContextual(view -> Flux.just(view.<Object>get("key")));
        VirtualClock.run(() ->
                FluxProbe.with(
                        Context.of("key", "k"),
                        () -> assertThat(iterate(source).iterator().next()).isEqualTo("k")));
    }

    @Test
    void forEach_awaitsBetweenElements_andCancelsIfTheActionFails() {
        running(() -> {
            forEach(
                    Flux.range(1, 2),
                    value -> {
                        sleep(ofSeconds(1));
                        trail.add(value);
                    });
            assertThatThrownBy(() ->
                            forEach(
                                    traced(Flux.range(1, 3).concatWith(Flux.never())),
                                    value -> {
                                        throw new IllegalArgumentException("action " + value);
                                    }))
                    .hasMessage("action 1");
            assertThatThrownBy(() -> forEach(Flux.error(new IOException("K")), value -> {}))
                    .hasRootCauseMessage("K");
        });
        assertThat(trail)
                .containsExactly(1, 2, "request 256", "cancel", "discarded 2", "discarded 3");
    }

    @Test
    void forEach_outsideACoroutine_isRefused() {
        assertThatThrownBy(() -> forEach(Flux.just(1), value -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStreamInAStream_oneInsideTheOther() {
        running(() -> {
            for (int a : iterate(Flux.range(1, 2))) {
                for (int b : iterate(flux((Emitter<Integer> e) -> e.emit(a * 10)))) {
                    trail.add(b);
                }
            }
        });
        assertThat(trail).containsExactly(10, 20);
    }

    @Test
    void inDebugMode_theErrorSaysWhereItWasAwaited() {
        running(() -> {
            currentLoop().debug(true);
            Iterator<Object> iterator =
                    iterate(Flux.error(new IllegalStateException("K"))).iterator();
            assertThatThrownBy(iterator::hasNext)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            assertThatThrownBy(iterator::hasNext)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        });
    }

    @Test
    void itCanBeScanned() {
        running(() -> {
            AtomicReference<Scannable> scan = new AtomicReference<>();
            Flux<Integer> source =
                    new Flux<>() {
                        @Override
                        public void subscribe(CoreSubscriber<? super Integer> actual) {
                            scan.set(Scannable.from(actual));
                            Flux.just(1).subscribe(actual);
                        }
                    };
            Iterator<Integer> iterator = iterate(source).iterator();
            iterator.next();
            assertThat(iterator.hasNext()).isFalse();
            assertThat(scan.get().scan(Scannable.Attr.TERMINATED)).isTrue();
            assertThat(scan.get().scan(Scannable.Attr.CANCELLED)).isFalse();
        });
    }
}
