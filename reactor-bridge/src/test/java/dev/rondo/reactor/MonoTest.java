package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.Latches.awaitLatch;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;

import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.*;

/** A coroutine as a cold Mono: its ends, its loop, and its place among operators. */
class MonoTest {
    private final List<Object> trail = new CopyOnWriteArrayList<>();

    @AfterEach
    void resetHooks() {
        Hooks.resetOnOperatorDebug();
    }

    @Test
    void itIsCold_andRunsOnceForEachSubscriber() {
        VirtualClock.run(() -> {
            Mono<Integer> mono =
                    mono(() -> {
                        trail.add("body");
                        return trail.size();
                    });
            yieldNow();
            assertThat(trail).isEmpty();
            assertThat(await(mono)).isEqualTo(1);
            assertThat(await(mono)).isEqualTo(2);
        });
    }

    @Test
    void subscribeReturns_beforeTheBodyBegins() {
        VirtualClock.run(() -> {
            mono(() -> trail.add("body")).subscribe(ok -> trail.add("value " + ok));
            trail.add("subscribed");
            sleep(ofMillis(1));
            assertThat(trail).containsExactly("subscribed", "body", "value true");
        });
    }

    @Test
    void aValue_isNextAndComplete_null_isComplete_aFailure_isTheSameError() {
        IOException checked = new IOException("disk");
        try (EventLoop loop = EventLoop.start("mono")) {
            StepVerifier.create(mono(loop, () -> "OK")).expectNext("OK").verifyComplete();
            StepVerifier.create(mono(loop, () -> null)).verifyComplete();
            StepVerifier.create(mono(loop, () -> {})).verifyComplete();
            StepVerifier.create(
                            mono(
                                    loop,
                                    () -> {
                                        throw checked;
                                    }))
                    .verifyErrorMatches(e -> e == checked);
        }
    }

    @Test
    void theSameException_afterAnyNumberOfCrossings() {
        IOException checked = new IOException("disk");
        IllegalStateException unchecked = new IllegalStateException("state");
        try (EventLoop loop = EventLoop.start("mono")) {
            for (Exception e : List.of(checked, unchecked)) {
                Mono<Object> mono = Mono.error(e);
                for (int i = 0; i < 5; i++) {
                    Mono<Object> inner = mono;
                    mono = mono(loop, () -> await(inner));
                }
                StepVerifier.create(mono).verifyErrorMatches(end -> end == e);
            }
        }
        assertThat(checked.getSuppressed()).isEmpty();
    }

    @Test
    void inDebugMode_aFailureShowsWhereItWasAwaited_once() {
        IOException checked = new IOException("disk");
        try (EventLoop loop = EventLoop.builder().clock(new VirtualClock()).debug(true).build()) {
            loop.run(() -> {
                Mono<Object> mono = Mono.error(checked);
                for (int i = 0; i < 5; i++) {
                    Mono<Object> inner = mono;
                    mono = mono(() -> await(inner));
                }
                Mono<Object> all = mono;
                assertThatThrownBy(() -> await(all)).hasCause(checked);
            });
        }
        assertThat(checked.getSuppressed()).singleElement().asString().contains("awaited here");
        assertThat(checked.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(MonoTest.class.getName()));
    }

    @Test
    void theBodyRunsOnItsLoop_whereverItIsSubscribed() throws Exception {
        try (EventLoop loop = EventLoop.start("own")) {
            Mono<Boolean> mono = mono(loop, () -> currentLoop() == loop && loop.inLoop());
            assertThat(mono.block()).isTrue();
            assertThat(mono.map(in -> in && loop.inLoop()).toFuture().get()).isTrue();
        }
    }

    @Test
    void withoutALoop_itIsTheCurrentOne_elseTheSharedOne() {
        Mono<EventLoop> mono = mono(() -> currentLoop());
        EventLoop shared = mono.block();
        assertThat(shared).isNotNull().isSameAs(mono.block());
        assertThat(shared.name()).isEqualTo("rondo-shared");
        VirtualClock.run(() -> assertThat(await(mono)).isSameAs(currentLoop()));
    }

    @Test
    void onAClosedLoop_itIsRejected() {
        EventLoop loop = EventLoop.start("closed");
        loop.close();
        StepVerifier.create(mono(loop, () -> 1)).verifyError(RejectedExecutionException.class);
    }

    @Test
    void aLoopThatCloses_isAnError_notAHang() {
        EventLoop loop = EventLoop.start("closing");
        CompletableFuture<Object> end = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        mono(
                        loop,
                        () -> {
                            begun.countDown();
                            sleep(ofHours(1));
                        })
                .subscribe(null, end::complete, () -> end.complete("complete"));
        awaitLatch(begun);
        loop.close();
        assertThat(end.join()).isInstanceOf(CancellationException.class);
    }

    @Test
    void itTakesPartInAssemblyHooks_checkpoints_andScans() {
        Hooks.onOperatorDebug();
        try (EventLoop loop = EventLoop.start("hooks")) {
            Mono<Object> mono =
                    mono(
                            loop,
                            () -> {
                                throw new IllegalStateException("boom");
                            });
            assertThatThrownBy(mono::block)
                    .satisfies(e ->
                            assertThat(e.getSuppressed())
                                    .anyMatch(s ->
                                            String.valueOf(s.getMessage())
                                                    .contains(
                                                            "producer"
                                                                + " [dev.rondo.reactor.CoroutineMono]")));
        }
        Hooks.resetOnOperatorDebug();
        Scannable scan = Scannable.from(mono(() -> 1));
        assertThat(scan.scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        VirtualClock.run(() -> {
            List<Scannable> seen = new ArrayList<>();
            mono(() -> sleep(ofSeconds(1)))
                    .subscribe(
                            new BaseSubscriber<>() {
                                @Override
                                protected void hookOnSubscribe(Subscription subscription) {
                                    seen.add(Scannable.from(subscription));
                                    subscription.request(3);
                                }
                            });
            Scannable subscription = seen.getFirst();
            assertThat(subscription.scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(3L);
            assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isFalse();
            assertThat(subscription.scan(Scannable.Attr.CANCELLED)).isFalse();
            sleep(ofSeconds(2));
            assertThat(subscription.scan(Scannable.Attr.TERMINATED)).isTrue();
        });
    }

    @Test
    void nulls_areRefusedAtTheCall() {
        assertThatThrownBy(() -> mono((EventLoop) null, () -> 1))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> mono((dev.rondo.Coroutine<Object>) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> mono((dev.rondo.Action) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> toMono(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> toTask(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> await((Mono<Object>) null))
                .isInstanceOf(NullPointerException.class);
    }
}
