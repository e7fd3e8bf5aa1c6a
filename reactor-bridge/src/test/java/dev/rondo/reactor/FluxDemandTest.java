package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.ofSeconds;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.EventLoop;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;

import reactor.core.Scannable;
import reactor.core.publisher.Flux;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/** A coroutine that emits, as a Flux: what runs when, as it is asked for, and its ends. */
class FluxDemandTest extends FluxFixture {
    @Test
    void nothingRuns_beforeSomebodySubscribes_andTheBodyOnlyAfterOnSubscribe() {
        VirtualClock.run(() -> {
            Flux<Integer> flux = counting(0);
            settle();
            assertThat(trail).isEmpty();
            flux.subscribe(probe);
            trail.add("subscribe returns");
            settle();
        });
        assertThat(trail)
                .containsExactly("subscribed", "subscribe returns", "body ends", "complete");
    }

    @Test
    void eachSubscriberHasARunOfItsOwn() {
        VirtualClock.run(() -> {
            AtomicInteger runs = new AtomicInteger();
            Flux<Integer> flux = flux(emitter -> emitter.emit(runs.incrementAndGet()));
            assertThat(await(flux)).isEqualTo(1);
            assertThat(await(flux)).isEqualTo(2);
        });
    }

    @Test
    void oneRequested_isEmit_onNextWithinIt_thenTheCodeAfterIt() {
        VirtualClock.run(() -> {
            Flux<Integer> flux =
                    flux(emitter -> {
                        trail.add("before");
                        emitter.emit(1);
                        trail.add("after");
                    });
            flux.subscribe(probe);
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "before", 1, "after", "complete");
    }

    @Test
    void twoRequested_theThirdEmitSuspends_andTheTwoFirstDoNot() {
        VirtualClock.run(() -> {
            counting(3).subscribe(probe);
            probe.request(2);
            callSoonTwice();
            settle();
            trail.add("request");
            probe.request(1);
            settle();
        });
        assertThat(trail)
                .containsExactly(
                        "subscribed",
                        "emit 1",
                        1,
                        "emit 2",
                        2,
                        "emit 3",
                        "others run",
                        "request",
                        3,
                        "body ends",
                        "complete");
    }

    /** Something that would run between two elements if emit suspended between them. */
    private void callSoonTwice() {
        EventLoop loop = currentLoop();
        loop.callSoon(() -> loop.callSoon(() -> trail.add("others run")));
    }

    @Test
    void noDemandAtAll_theEndNeedsNone() {
        VirtualClock.run(() -> {
            counting(0).subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "body ends", "complete");
    }

    @Test
    void noDemandAtAll_anErrorNeedsNone() {
        IOException failure = new IOException("K");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                throw failure;
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", failure);
    }

    @Test
    void anErrorAfterAnElement_comesAfterIt_asTheSameObject() {
        IOException failure = new IOException("K");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                emitter.emit(1);
                                throw failure;
                            })
                    .subscribe(probe);
            probe.request(5);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", 1, failure);
    }

    @Test
    void aCancellationOfTheBodysOwn_isTheError_asTheSameObject() {
        CancellationException own = new CancellationException("own");
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                throw own;
                            })
                    .subscribe(probe);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", own);
    }

    @Test
    void aTimeoutOfTheBodysOwn_whileItWaitsForDemand_isTheError() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(emitter -> timeout(ofSeconds(1), () -> emitter.emit(1)))
                    .subscribe(probe);
            sleep(ofSeconds(2));
            probe.request(1);
            settle();
        });
        assertThat(trail).hasSize(2).last().isInstanceOf(AsyncTimeoutException.class);
    }

    @Test
    void emitInATimeout_thatHasPassed_leavesTheTurnToTheNext() {
        VirtualClock.run(() -> {
            ReactorBridge.<Integer>flux(
                            emitter -> {
                                try {
                                    timeout(ofSeconds(1), () -> emitter.emit(1));
                                } catch (AsyncTimeoutException e) {
                                    trail.add("no demand");
                                }
                                emitter.emit(2);
                            })
                    .subscribe(probe);
            sleep(ofSeconds(2));
            probe.request(1);
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "no demand", 2, "complete");
    }

    @Test
    void requestsThatOverflowALong_areWithoutBound() {
        VirtualClock.run(() -> {
            counting(3).subscribe(probe);
            probe.request(Long.MAX_VALUE - 1);
            probe.request(Long.MAX_VALUE - 1);
            assertThat(
                            Scannable.from(probe.subscription())
                                    .scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM))
                    .isEqualTo(Long.MAX_VALUE);
            settle();
        });
        assertThat(trail).endsWith(3, "body ends", "complete");
    }

    @Test
    void aRequestOfNoneOrLess_isIgnored_asByReactorsOwnOperators() {
        VirtualClock.run(() -> {
            counting(1).subscribe(probe);
            probe.request(0);
            probe.request(-1);
            settle();
            probe.cancel();
            settle();
        });
        assertThat(trail).containsExactly("subscribed", "emit 1");
    }

    @Test
    void aRequestFromWithinOnNext_forManyElements_needsNoStack() {
        VirtualClock.run(() -> {
            AtomicInteger got = new AtomicInteger();
            FluxProbe<Integer> one = new FluxProbe<>(1);
            one.onNext =
                    value -> {
                        got.incrementAndGet();
                        one.request(1);
                    };
            Flux.from(
                            flux((Emitter<Integer> emitter) -> {
                                for (int i = 0; i < 10_000; i++) {
                                    emitter.emit(i);
                                }
                            }))
                    .subscribe(one);
            while (got.get() < 10_000) {
                yieldNow();
            }
            settle();
            assertThat(one.trail).last().isEqualTo("complete");
        });
    }
}
