package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.time.Duration.*;

import dev.rondo.EventLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Bodies on a loop that is hosted by the thread where their subscribers are. */
@Timeout(60)
class HostedBodiesTest {
    private final ScheduledExecutorService host = Executors.newSingleThreadScheduledExecutor();
    private final List<Object> trail = new CopyOnWriteArrayList<>();
    private EventLoop loop;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(!"handoff".equals(System.getProperty("dev.rondo.fiber")));
        loop = EventLoop.builder().host(host).onError(trail::add).start();
        loop.submit(() -> {}).join();
        thread = onHost(Thread::currentThread);
    }

    @AfterEach
    void end() {
        if (loop != null) {
            loop.close();
        }
        host.shutdownNow();
    }

    private <T> T onHost(Callable<T> task) throws Exception {
        return host.submit(task).get(10, TimeUnit.SECONDS);
    }

    /** All that is on its way on the loop has come. */
    private void settle() {
        loop.submit(
                        () -> {
                            for (int i = 0; i < 20; i++) {
                                yieldNow();
                            }
                        })
                .join();
    }

    @Test
    void aMono_runsWhereItIsSubscribed_andGivesItsResultOnTheHostsThread() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        Mono<String> body =
                mono(() -> {
                    trail.add(currentLoop());
                    sleep(ofMillis(1));
                    return await(Mono.delay(ofMillis(1)).thenReturn("value"));
                });
        onHost(() ->
                body.doOnNext(value -> trail.add(Thread.currentThread()))
                        .doOnTerminate(() -> trail.add(Thread.currentThread()))
                        .subscribe(end::complete));
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("value");
        assertThat(trail).containsExactly(loop, thread, thread);
    }

    @Test
    void aFlux_runsWhereItIsSubscribed() throws Exception {
        CompletableFuture<Long> count = new CompletableFuture<>();
        Flux<Integer> body =
                flux(emitter -> {
                    trail.add(currentLoop());
                    for (int i = 0; i < 1_000; i++) {
                        emitter.emit(i);
                    }
                });
        onHost(() -> body.count().subscribe(count::complete));
        assertThat(count.get(10, TimeUnit.SECONDS)).isEqualTo(1_000);
        assertThat(trail).containsExactly(loop);
    }

    @Test
    void aMonoWithoutAValue_orWithAFailure_endsSo() throws Exception {
        IllegalStateException failure = new IllegalStateException("failed");
        onHost(() -> mono(() -> null).subscribe(trail::add, trail::add, () -> trail.add("empty")));
        onHost(() ->
                mono(
                                () -> {
                                    throw failure;
                                })
                        .subscribe(trail::add, trail::add));
        settle();
        assertThat(trail).containsExactly("empty", failure);
    }

    private FluxProbe<String> subscribedWithoutDemand() throws Exception {
        FluxProbe<String> probe = new FluxProbe<>(0);
        onHost(() -> mono(() -> "value").subscribeWith(probe));
        settle();
        assertThat(probe.trail).containsExactly("subscribed");
        return probe;
    }

    @Test
    void withoutDemand_theResultWaits() throws Exception {
        FluxProbe<String> probe = subscribedWithoutDemand();
        probe.request(1);
        settle();
        assertThat(probe.trail).containsExactly("subscribed", "value", "complete");
    }

    @Test
    void cancelled_whileTheResultWaits_itIsDiscarded() throws Exception {
        FluxProbe<String> probe = subscribedWithoutDemand();
        probe.cancel();
        settle();
        assertThat(probe.trail).containsExactly("subscribed", "discarded value");
    }

    @Test
    void cancelled_theBodyIsToo() throws Exception {
        Disposable subscription =
                onHost(() ->
                        mono(
                                        () -> {
                                            try {
                                                sleep(ofHours(1));
                                                return "never";
                                            } finally {
                                                trail.add("cleaned up");
                                            }
                                        })
                                .subscribe(trail::add));
        settle();
        subscription.dispose();
        settle();
        assertThat(trail).containsExactly("cleaned up");
        assertThat(loop.submit(() -> allTasks().size()).join()).isOne();
    }

    /** Rule 2.13: it has broken its promise, and hears nothing more. */
    @Test
    void aSubscriberThatThrows_getsNoEnd_andTheHookHearsOfIt() throws Exception {
        FluxProbe<String> probe = new FluxProbe<>(1);
        probe.onNext =
                value -> {
                    throw new IllegalStateException("thrown by onNext");
                };
        onHost(() -> mono(() -> "value").subscribeWith(probe));
        settle();
        assertThat(probe.trail)
                .containsExactly(
                        "subscribed",
                        "value",
                        "dropped java.lang.IllegalStateException: thrown by onNext");
        assertThat(loop.submit(() -> 1).join()).isOne();
    }
}
