package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofHours;

import dev.rondo.*;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** The emit that does not wait, and that no null is emitted. */
class FluxTryEmitTest extends FluxFixture {
    @Test
    void tryEmit_givesOnlyWhatIsAskedFor_andNeverSuspends() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                trail.add(emitter.tryEmit(1));
                                trail.add(emitter.tryEmit(2));
                            })
                    .subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, false, "complete");
    }

    @Test
    void tryEmit_whileAnotherTaskWaitsToEmit_isRefused_andThatOnesOrderKept() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                Task<Void> first = createTask(() -> emitter.emit(1));
                                yieldNow();
                                yieldNow();
                                trail.add(emitter.tryEmit(2));
                                first.await();
                                trail.add(emitter.tryEmit(3));
                            })
                    .subscribe(probe);
            settle();
            probe.request(9);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", false, 1, 3, true, "complete");
    }

    @Test
    void tryEmit_inACallbackOfTheLoop_isWelcome_emitIsNot() {
        VirtualClock.run(() -> {
            probe.onSubscribe = own -> own.request(9);
            flux(
                            (Emitter<Integer> emitter) -> {
                                currentLoop()
                                        .callSoon(() -> {
                                            trail.add(emitter.tryEmit(1));
                                            assertThatThrownBy(() -> emitter.emit(2))
                                                    .isInstanceOf(IllegalStateException.class);
                                        });
                                yieldNow();
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, true, "complete");
    }

    @Test
    void tryEmit_fromAnotherThread_isAnErrorBeforeTheEnd_andFalseAfterIt() throws Exception {
        try (EventLoop loop = EventLoop.start("flux")) {
            AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
            CountDownLatch begun = new CountDownLatch(1);
            Promise<Void> go = loop.newPromise();
            flux(
                            loop,
                            (Emitter<Integer> own) -> {
                                emitter.set(own);
                                begun.countDown();
                                go.await();
                            })
                    .subscribe(probe);
            begun.await();
            assertThatThrownBy(() -> emitter.get().tryEmit(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("submit()");
            assertThatThrownBy(() -> emitter.get().emit(1))
                    .isInstanceOf(IllegalStateException.class);
            go.complete(null);
            probe.awaitEnd();
            assertThat(emitter.get().tryEmit(1)).isFalse();
        }
        assertThat(trail).containsExactly("subscribed", "complete");
    }

    @Test
    void tryEmit_afterCancel_isFalse_fromAnyThread() throws Exception {
        AtomicReference<Emitter<Integer>> emitter = new AtomicReference<>();
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> own) -> {
                                emitter.set(own);
                                sleep(ofHours(1));
                            })
                    .subscribe(probe);
            probe.request(9);
            settle();
            probe.cancel();
            trail.add(emitter.get().tryEmit(1));
            settle();
        });
        trail.add(emitter.get().tryEmit(1));
        assertThat(trail).containsExactly("subscribed", false, false);
    }

    @Test
    void null_isRefusedToTheCaller_andTheStreamGoesOn() {
        VirtualClock.run(() -> {
            flux(
                            (Emitter<Integer> emitter) -> {
                                assertThatThrownBy(() -> emitter.emit(null))
                                        .isInstanceOf(NullPointerException.class);
                                assertThatThrownBy(() -> emitter.tryEmit(null))
                                        .isInstanceOf(NullPointerException.class);
                                emitter.emit(1);
                            })
                    .subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, "complete");
    }
}
