package dev.rondo.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rondo.Async;
import dev.rondo.EventLoop;
import dev.rondo.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rondo's calls that block are refused on Reactor's threads, as block() is on Rondo's. */
@Timeout(60)
class RefusedBlockingTest {
    private final EventLoop loop = EventLoop.start("refused");

    @AfterEach
    void close() {
        loop.close();
    }

    static List<Scheduler> nonBlocking() {
        return List.of(Schedulers.parallel(), Schedulers.single());
    }

    private Map<String, Throwable> on(Scheduler scheduler, EventLoop idle, Task<?> pending) {
        return Mono.fromCallable(
                        () -> {
                            Map<String, Throwable> failures = new LinkedHashMap<>();
                            failures.put("Async.run", catchThrowable(() -> Async.run(() -> {})));
                            failures.put("loop.run", catchThrowable(() -> idle.run(() -> {})));
                            failures.put("join", catchThrowable(pending::join));
                            failures.put("close", catchThrowable(loop::close));
                            return failures;
                        })
                .subscribeOn(scheduler)
                .block();
    }

    @ParameterizedTest
    @MethodSource("nonBlocking")
    void onAThreadThatMustNotBlock_eachFailsAtOnce_andSaysWhatToDo(Scheduler scheduler) {
        try (EventLoop idle = EventLoop.create()) {
            Task<?> pending = loop.submit(() -> loop.newPromise().await());
            Map<String, Throwable> failures = on(scheduler, idle, pending);
            assertThat(failures.values())
                    .allSatisfy(failure ->
                            assertThat(failure)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining(
                                            "blocks, which is not supported in thread "));
            assertThat(failures.get("Async.run"))
                    .hasMessageContaining("submit() the coroutine to a started loop")
                    .hasMessageContaining("return it as a Mono");
            assertThat(failures.get("loop.run")).hasMessageContaining("submit() the coroutine");
            assertThat(failures.get("join").getMessage()).startsWith("join()").contains("; ");
            assertThat(failures.get("close").getMessage()).startsWith("close()").contains("; ");
            // Nothing has come of the calls.
            assertThat(pending.isDone()).isFalse();
            assertThat(loop.submit(() -> "alive").join()).isEqualTo("alive");
            pending.cancel();
        }
    }

    @Test
    void whatIsDoneAlready_isJoinedAnywhere_andElasticThreadsMayBlock() {
        Task<String> done = loop.submit(() -> "done");
        assertThat(done.join()).isEqualTo("done");
        assertThat(
                        Mono.fromCallable(() -> Async.run(() -> "run, ") + done.join())
                                .subscribeOn(Schedulers.boundedElastic())
                                .block())
                .isEqualTo("run, done");
    }
}
