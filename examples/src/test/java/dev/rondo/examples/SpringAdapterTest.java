package dev.rondo.examples;

import static dev.rondo.reactor.ReactorBridge.toMono;
import static dev.rondo.reactor.ReactorBridge.toTask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.Task;

import org.junit.jupiter.api.Test;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ReactiveTypeDescriptor;

import reactor.core.publisher.Mono;

/** A task as what a WebFlux handler returns: what the README says to register. */
class SpringAdapterTest {
    private static void register(ReactiveAdapterRegistry registry) {
        registry.registerReactiveType(
                ReactiveTypeDescriptor.singleOptionalValue(
                        Task.class, () -> Async.run(() -> Async.createTask(() -> {}))),
                task -> toMono((Task<?>) task),
                publisher -> toTask(publisher));
    }

    @Test
    void aTask_isAdaptedBothWays() {
        ReactiveAdapterRegistry registry = new ReactiveAdapterRegistry();
        register(registry);
        ReactiveAdapter adapter = registry.getAdapter(Task.class);
        assertThat(adapter).isNotNull();
        try (EventLoop loop = EventLoop.start("spring")) {
            Task<String> handled = loop.submit(() -> "response");
            assertThat(Mono.from(adapter.<String>toPublisher(handled)).block())
                    .isEqualTo("response");
            Object value =
                    loop.submit(() -> ((Task<?>) adapter.fromPublisher(Mono.just(7))).await())
                            .join();
            assertThat(value).isEqualTo(7);
        }
    }
}
