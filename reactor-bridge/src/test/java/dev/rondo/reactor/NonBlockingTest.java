package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Blocking where it would hold the loop is refused, by Reactor and in its words. */
class NonBlockingTest {
    private final EventLoop loop = EventLoop.start("non-blocking");
    private final Scheduler scheduler = scheduler(loop);

    /** What each way to block throws here. */
    private List<Throwable> block() {
        Mono<Integer> later = Mono.just(1).delayElement(Duration.ofMillis(1), scheduler);
        return List.of(
                catchThrowable(later::block),
                catchThrowable(later.flux()::blockLast),
                catchThrowable(() -> later.flux().toIterable().iterator().hasNext()),
                catchThrowable(() -> Flux.just(1, 2).subscribeOn(scheduler).blockFirst()));
    }

    private static void assertRefused(List<Throwable> failures) {
        assertThat(failures)
                .allSatisfy(failure ->
                        assertThat(failure)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining(
                                        "blocking, which is not supported in thread"));
    }

    private List<Throwable> on(Consumer<Runnable> where) throws Exception {
        CompletableFuture<List<Throwable>> failures = new CompletableFuture<>();
        where.accept(() -> failures.complete(block()));
        return failures.get(10, TimeUnit.SECONDS);
    }

    @Test
    void inATaskOfTheScheduler_inACallback_inACoroutine_itIsRefused() throws Exception {
        try (loop) {
            assertRefused(on(scheduler::schedule));
            assertRefused(on(task -> scheduler.schedule(task, 1, TimeUnit.MILLISECONDS)));
            assertRefused(on(scheduler.createWorker()::schedule));
            assertRefused(on(loop::callSoon));
            assertRefused(on(task -> loop.submit(task::run)));
            assertRefused(
                    on(task ->
                            loop.submit(() -> {
                                Async.sleep(Duration.ofMillis(1));
                                task.run();
                            })));
        }
    }

    @Test
    void onAnyOtherThread_alsoOneOfToThread_itIsAllowed() {
        try (loop) {
            Mono<Integer> later = Mono.just(1).delayElement(Duration.ofMillis(1), scheduler);
            assertThat(later.block()).isEqualTo(1);
            assertThat(loop.submit(() -> Async.toThread(() -> later.block()).await()).join())
                    .isEqualTo(1);
            assertThat(Schedulers.isNonBlockingThread(Thread.currentThread())).isFalse();
        }
    }
}
