package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Automatic context propagation goes through the scheduler. */
class ContextPropagationTest {
    private static final String KEY = "ContextPropagationTest";

    private final ThreadLocal<String> user = new ThreadLocal<>();
    private final Scheduler scheduler = newLoopScheduler("context");

    @BeforeEach
    void enable() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, user);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void disable() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        user.remove();
        scheduler.dispose();
    }

    @Test
    void aTaskSeesTheThreadLocalsOfItsSubmission_andLeavesNoneBehind() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CompletableFuture<String> delayed = new CompletableFuture<>();
        CompletableFuture<String> next = new CompletableFuture<>();
        user.set("ada");
        scheduler.schedule(() -> seen.complete(user.get()));
        scheduler
                .createWorker()
                .schedule(() -> delayed.complete(user.get()), 1, TimeUnit.MILLISECONDS);
        user.remove();
        scheduler.schedule(() -> next.complete("" + user.get()));
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("ada");
        assertThat(delayed.get(10, TimeUnit.SECONDS)).isEqualTo("ada");
        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("null");
    }

    @Test
    void theSubscribersContext_isSeenAsThreadLocal_afterEachWayToTheLoop() {
        Mono<String> source = Mono.fromSupplier(() -> "" + user.get());
        List<String> seen =
                Flux.concat(
                                source.subscribeOn(scheduler),
                                Mono.just(1).publishOn(scheduler).map(one -> "" + user.get()),
                                Mono.delay(Duration.ofMillis(1), scheduler)
                                        .map(one -> "" + user.get()))
                        .contextWrite(Context.of(KEY, "ada"))
                        .collectList()
                        .block(Duration.ofSeconds(10));
        assertThat(seen).containsExactly("ada", "ada", "ada");
    }

    @Test
    void theBlockingCallersThreadLocal_isSeenOnTheLoop() {
        user.set("grace");
        String seen =
                Mono.just(1)
                        .publishOn(scheduler)
                        .map(one -> "" + user.get())
                        .block(Duration.ofSeconds(10));
        assertThat(seen).isEqualTo("grace");
    }
}
