package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

import java.util.*;

/** A coroutine that emits, as a citizen of Reactor: hooks, checkpoints, scans, StepVerifier. */
class FluxTest extends FluxFixture {
    @Test
    void assemblyHooks_seeIt_andACheckpointIsInTheTrace() {
        List<String> assembled = new ArrayList<>();
        Hooks.onEachOperator(
                "FluxTest",
                publisher -> {
                    assembled.add(publisher.getClass().getSimpleName());
                    return publisher;
                });
        try {
            assertThat(flux(emitter -> {})).isInstanceOf(CoroutineFlux.class);
        } finally {
            Hooks.resetOnEachOperator("FluxTest");
        }
        assertThat(assembled).containsExactly("CoroutineFlux");
        VirtualClock.run(() -> {
            Flux<Integer> failing =
                    ReactorBridge.<Integer>flux(
                                    emitter -> {
                                        throw new IllegalStateException("body");
                                    })
                            .checkpoint("in the generator");
            assertThatThrownBy(() -> await(failing))
                    .hasMessage("body")
                    .satisfies(e ->
                            assertThat(Arrays.toString(e.getSuppressed()))
                                    .contains("in the generator"));
        });
    }

    @Test
    void itCanBeScanned() {
        VirtualClock.run(() -> {
            Flux<Integer> flux = counting(1);
            assertThat(Scannable.from(flux).scan(Scannable.Attr.RUN_STYLE))
                    .isEqualTo(Scannable.Attr.RunStyle.ASYNC);
            flux.subscribe(probe);
            Scannable scan = Scannable.from(probe.subscription());
            assertThat(scan.scanUnsafe(Scannable.Attr.ACTUAL)).isSameAs(probe);
            assertThat(scan.scan(Scannable.Attr.TERMINATED)).isFalse();
            probe.request(3);
            settle();
            assertThat(scan.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(2);
            assertThat(scan.scan(Scannable.Attr.TERMINATED)).isTrue();
            assertThat(scan.scan(Scannable.Attr.CANCELLED)).isFalse();
            assertThat(scan.scan(Scannable.Attr.ERROR)).isNull();
        });
    }

    @Test
    void stepVerifier_drivesIt_demandByDemand() {
        StepVerifier.create(counting(3), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(1)
                .thenRequest(2)
                .expectNext(2, 3)
                .verifyComplete();
    }

    @Test
    void nullArguments_areRefusedAtOnce() {
        assertThatThrownBy(() -> flux(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> flux((EventLoop) null, emitter -> {}))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> counting(1).subscribe((FluxProbe<Integer>) null))
                .isInstanceOf(NullPointerException.class);
    }
}
