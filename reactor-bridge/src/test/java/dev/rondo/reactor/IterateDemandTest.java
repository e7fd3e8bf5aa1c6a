package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.Task;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/** A publisher as a for-loop in a coroutine: what is asked for, and what comes in which order. */
class IterateDemandTest extends IterateFixture {
    @Test
    void theElements_inOrder_thenTheEnd() {
        running(() -> {
            try (ElementStream<Integer> stream = iterate(traced(Flux.just(1, 2, 3)))) {
                for (int value : stream) {
                    trail.add(value);
                }
            }
        });
        assertThat(trail).containsExactly("request 256", 1, 2, 3);
    }

    @Test
    void nothingIsSubscribedTo_beforeTheForLoopBegins() {
        running(() -> {
            ElementStream<Integer> stream =
                    iterate(Flux.just(1).doOnSubscribe(own -> trail.add("subscribed")));
            settle();
            trail.add("loop");
            for (int value : stream) {
                trail.add(value);
            }
        });
        assertThat(trail).containsExactly("loop", "subscribed", 1);
    }

    @Test
    void thePrefetchIsAskedForOnce_andRefilledWhenThreeQuartersAreTaken() {
        running(() -> {
            for (int value : iterate(traced(Flux.range(1, 10)), 4)) {
                trail.add(value);
            }
        });
        assertThat(trail)
                .containsExactly(
                        "request 4",
                        1,
                        2,
                        "request 3",
                        3,
                        4,
                        5,
                        "request 3",
                        6,
                        7,
                        8,
                        "request 3",
                        9,
                        10);
    }

    @Test
    void aPrefetchOfOne_asksOneByOne() {
        running(() -> {
            for (int value : iterate(traced(Flux.range(1, 3)), 1)) {
                trail.add(value);
            }
        });
        assertThat(trail)
                .containsExactly("request 1", "request 1", 1, "request 1", 2, "request 1", 3);
    }

    @Test
    void aPrefetchWithoutBound_asksOnce() {
        running(() -> {
            int sum = 0;
            for (int value : iterate(traced(Flux.range(1, 1000)), Integer.MAX_VALUE)) {
                sum += value;
            }
            trail.add(sum);
        });
        assertThat(trail).containsExactly("request " + Long.MAX_VALUE, 500_500);
    }

    @Test
    void aPrefetchOfNone_isRefused() {
        assertThatThrownBy(() -> iterate(Flux.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> iterate((Publisher<String>) null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void neverMoreArrivesThanThePrefetch() {
        for (int prefetch : List.of(1, 2, 3, 5, 8, 100)) {
            running(() -> {
                AtomicLong ahead = new AtomicLong();
                AtomicLong most = new AtomicLong();
                Flux<Integer> source =
                        Flux.range(1, 500)
                                .doOnNext(value ->
                                        most.accumulateAndGet(ahead.incrementAndGet(), Math::max));
                for (int unused : iterate(source, prefetch)) {
                    ahead.decrementAndGet();
                }
                // The one that is being handed over has made room already.
                assertThat(most.get()).isBetween((long) prefetch, prefetch + 1L);
            });
        }
    }

    @Test
    void theFirstElementIsGiven_asSoonAsItIsThere() {
        running(() -> {
            TestPublisher<Integer> source = TestPublisher.create();
            Task<?> task =
                    createTask(() -> {
                        for (int value : iterate(source)) {
                            trail.add(value);
                        }
                    });
            settle();
            source.next(1);
            settle();
            trail.add("then");
            source.next(2, 3);
            source.complete();
            task.await();
        });
        assertThat(trail).containsExactly(1, "then", 2, 3);
    }

    @Test
    void whatHasArrivedIsGiven_beforeTheError() {
        IOException failure = new IOException("K");
        running(() -> {
            try {
                for (int value : iterate(Flux.concat(Flux.just(1, 2), Flux.error(failure)))) {
                    trail.add(value);
                }
            } catch (CompletionException e) {
                trail.add(e.getCause());
            }
            settle();
        });
        assertThat(trail).containsExactly(1, 2, failure);
    }

    @Test
    void anUncheckedError_isThrownAsTheSameObject_everyTimeOneAsks() {
        IllegalStateException failure = new IllegalStateException("K");
        running(() -> {
            Iterator<Object> iterator = iterate(Flux.error(failure)).iterator();
            assertThatThrownBy(iterator::hasNext).isSameAs(failure);
            assertThatThrownBy(iterator::next).isSameAs(failure);
        });
    }

    @Test
    void aPublisherThatThrowsInSubscribe_hasFailed() {
        IllegalStateException failure = new IllegalStateException("subscribe");
        running(() -> {
            Publisher<Object> broken =
                    subscriber -> {
                        throw failure;
                    };
            assertThatThrownBy(() -> iterate(broken).iterator().hasNext()).isSameAs(failure);
        });
    }

    @Test
    void emptyAndDone_hasNextStaysFalse_nextThrows() {
        running(() -> {
            Iterator<Object> iterator = iterate(Flux.empty()).iterator();
            assertThat(iterator.hasNext()).isFalse();
            assertThat(iterator.hasNext()).isFalse();
            assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void hasNextManyTimes_takesNothing_andNextNeedsNoHasNext() {
        running(() -> {
            Iterator<Integer> iterator = iterate(Flux.just(1, 2)).iterator();
            assertThat(iterator.hasNext()).isTrue();
            assertThat(iterator.hasNext()).isTrue();
            assertThat(iterator.next()).isEqualTo(1);
            assertThat(iterator.next()).isEqualTo(2);
            assertThat(iterator.hasNext()).isFalse();
        });
    }
}
