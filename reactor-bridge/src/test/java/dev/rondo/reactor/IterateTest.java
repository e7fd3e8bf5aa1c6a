package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.*;

import dev.rondo.*;
import dev.rondo.testing.*;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.*;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

/** A publisher as a for-loop in a coroutine: prefetch, order, and every way to leave. */
class IterateTest {
    private final List<Object> trail = Collections.synchronizedList(new ArrayList<>());

    /** Runs it in a coroutine whose publishers tell the trail what they drop and discard. */
    private void running(Action body) {
        VirtualClock.run(() -> FluxProbe.with(FluxProbe.recording(trail), body));
    }

    /** Writes down what is asked of it. */
    private <T> Flux<T> traced(Flux<T> source) {
        return source.doOnRequest(n -> trail.add("request " + n))
                .doOnCancel(() -> trail.add("cancel"));
    }

    // Demand.

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

    // Ways to leave.

    @Test
    void close_cancels_andDiscardsWhatIsLeft() {
        running(() -> {
            try (ElementStream<Integer> stream = iterate(traced(Flux.range(1, 9)), 4)) {
                for (int value : stream) {
                    trail.add(value);
                    break;
                }
            }
            trail.add("closed");
            settle();
        });
        assertThat(trail)
                .containsExactly(
                        "request 4",
                        1,
                        "cancel",
                        "discarded 2",
                        "discarded 3",
                        "discarded 4",
                        "closed");
    }

    @Test
    void close_discardsAlsoTheOneThatHasNextHasSeen_andTheLoopIsOver() {
        running(() -> {
            ElementStream<Integer> stream = iterate(Flux.just(1, 2));
            Iterator<Integer> iterator = stream.iterator();
            assertThat(iterator.hasNext()).isTrue();
            stream.close();
            stream.close();
            assertThat(iterator.hasNext()).isFalse();
        });
        assertThat(trail).containsExactly("discarded 1", "discarded 2");
    }

    @Test
    void closeAfterTheEnd_doesNothing() {
        running(() -> {
            try (ElementStream<Integer> stream = iterate(traced(Flux.just(1)))) {
                for (int value : stream) {
                    trail.add(value);
                }
            }
        });
        assertThat(trail).containsExactly("request 256", 1);
    }

    @Test
    void closeBeforeTheLoop_refusesIt() {
        running(() -> {
            ElementStream<Integer> stream = iterate(Flux.just(1));
            stream.close();
            assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void breakWithoutClose_endsWithTheTask() {
        running(() -> {
            Task<?> task =
                    createTask(() -> {
                        for (int value : iterate(traced(Flux.range(1, 9)), 2)) {
                            trail.add(value);
                            break;
                        }
                        yieldNow();
                        trail.add("task ends");
                    });
            task.await();
            settle();
        });
        assertThat(trail).containsExactly("request 2", 1, "task ends", "cancel", "discarded 2");
    }

    @Test
    void theBodyThrows_theSubscriptionIsCancelled() {
        running(() -> {
            Flux<Integer> source = traced(Flux.range(1, 9));
            assertThatThrownBy(
                            () -> {
                                try (ElementStream<Integer> stream = iterate(source, 2)) {
                                    for (int value : stream) {
                                        throw new IllegalArgumentException("body " + value);
                                    }
                                }
                            })
                    .hasMessage("body 1");
        });
        assertThat(trail).containsExactly("request 2", "cancel", "discarded 2");
    }

    @Test
    void theTaskIsCancelledWhileItWaits_theSubscriptionIsToo_beforeTheTaskHasEnded() {
        running(() -> {
            Task<?> task =
                    createTask(() -> {
                        try (ElementStream<Object> stream = iterate(traced(Flux.never()))) {
                            for (Object value : stream) {
                                trail.add(value);
                            }
                        } finally {
                            trail.add("finally");
                        }
                    });
            settle();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        });
        assertThat(trail).containsExactly("request 256", "cancel", "finally");
    }

    @Test
    void aTimeoutRoundOneElement_losesNone() {
        running(() -> {
            TestPublisher<Integer> source = TestPublisher.create();
            Iterator<Integer> iterator = iterate(source).iterator();
            assertThatThrownBy(() -> timeout(ofSeconds(1), () -> iterator.next()))
                    .isInstanceOf(AsyncTimeoutException.class);
            source.next(1, 2);
            assertThat(iterator.next()).isEqualTo(1);
            assertThat(iterator.next()).isEqualTo(2);
        });
    }

    @Test
    void closedByAnotherTask_theLoopEnds() {
        running(() -> {
            ElementStream<Object> stream = iterate(traced(Flux.never()));
            Task<?> task =
                    createTask(() -> {
                        for (Object value : stream) {
                            trail.add(value);
                        }
                        trail.add("loop ends");
                    });
            settle();
            stream.close();
            task.await();
        });
        assertThat(trail).containsExactly("request 256", "cancel", "loop ends");
    }

    @Test
    void closedFromAnotherThread_theLoopEnds_andLeftoversAreDiscardedOnTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.start("iterate")) {
            CountDownLatch inLoop = new CountDownLatch(1);
            Promise<Void> closed = loop.newPromise();
            Context context =
                    Operators.enableOnDiscard(
                            null, value -> trail.add("discarded on the loop: " + loop.inLoop()));
            AtomicReference<ElementStream<Integer>> opened = new AtomicReference<>();
            Task<Void> task =
                    loop.submit(() ->
                            FluxProbe.with(
                                    context,
                                    () -> {
                                        TestPublisher<Integer> source = TestPublisher.create();
                                        ElementStream<Integer> stream = iterate(source);
                                        opened.set(stream);
                                        Iterator<Integer> iterator = stream.iterator();
                                        source.next(1, 2);
                                        iterator.next();
                                        inLoop.countDown();
                                        closed.await();
                                        assertThat(iterator.hasNext()).isFalse();
                                        trail.add("ends");
                                    }));
            inLoop.await();
            opened.get().close();
            closed.complete(null);
            task.join();
        }
        assertThat(trail).containsExactly("discarded on the loop: true", "ends");
    }

    @Test
    void elementsAfterClose_areDiscarded_anErrorIsDropped_aCancellationIsSilent() {
        running(() -> {
            TestPublisher<Integer> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            ElementStream<Integer> stream = iterate(source);
            stream.iterator();
            stream.close();
            source.next(1);
            source.error(new IllegalStateException("late"));
            source.error(new CancellationException("late"));
        });
        assertThat(trail)
                .containsExactly("discarded 1", "dropped java.lang.IllegalStateException: late");
    }

    // Who may.

    @Test
    void aSecondIterator_isRefused() {
        running(() -> {
            ElementStream<Integer> stream = iterate(Flux.just(1));
            stream.iterator();
            assertThatThrownBy(stream::iterator)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("once");
        });
    }

    @Test
    void outsideACoroutine_itIsRefused_andSaysWhatToDo() {
        assertThatThrownBy(() -> iterate(Flux.just(1)).iterator())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("subscribe");
    }

    @Test
    void theIteratorOnAnotherThread_isRefused() {
        running(() -> {
            Iterator<Integer> iterator = iterate(Flux.just(1)).iterator();
            Task<Void> elsewhere =
                    toThread(() -> {
                        assertThatThrownBy(iterator::hasNext)
                                .isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(iterator::next)
                                .isInstanceOf(IllegalStateException.class);
                    });
            elsewhere.await();
            assertThat(iterator.next()).isEqualTo(1);
        });
    }

    @Test
    void twoTasksWaitForTheNextElement_theSecondIsRefused_insteadOfOneWaitingForEver() {
        running(() -> {
            TestPublisher<Integer> source = TestPublisher.create();
            Iterator<Integer> iterator = iterate(source).iterator();
            Task<Integer> first = createTask(iterator::next);
            Task<Integer> second = createTask(iterator::next);
            settle();
            assertThatThrownBy(second::await).isInstanceOf(IllegalStateException.class);
            source.next(1);
            assertThat(first.await()).isEqualTo(1);
        });
    }

    // Bad publishers.

    /** Gives what it is told to, whatever was asked for. */
    private static final class Rude implements Publisher<Integer> {
        private CoreSubscriber<? super Integer> subscriber;
        private final List<Object> trail;

        Rude(List<Object> trail) {
            this.trail = trail;
        }

        @Override
        public void subscribe(org.reactivestreams.Subscriber<? super Integer> given) {
            subscriber = Operators.toCoreSubscriber(given);
            given.onSubscribe(
                    new Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            trail.add("cancel");
                        }
                    });
        }
    }

    @Test
    void moreThanWasAskedFor_isAnOverflow_afterWhatCouldBeKept() {
        running(() -> {
            Rude source = new Rude(trail);
            Iterator<Integer> iterator = iterate(source, 1).iterator();
            source.subscriber.onNext(1);
            source.subscriber.onNext(2);
            source.subscriber.onNext(3);
            assertThat(iterator.next()).isEqualTo(1);
            assertThatThrownBy(iterator::hasNext)
                    .isInstanceOf(IllegalStateException.class)
                    .matches(reactor.core.Exceptions::isOverflow);
        });
        assertThat(trail).containsExactly("discarded 2", "cancel", "dropped 3");
    }

    @Test
    void aSecondOnSubscribe_isCancelled_andSignalsAfterTheEndAreDropped() {
        running(() -> {
            Rude source = new Rude(trail);
            Iterator<Integer> iterator = iterate(source).iterator();
            source.subscriber.onSubscribe(
                    new Subscription() {
                        @Override
                        public void request(long n) {}

                        @Override
                        public void cancel() {
                            trail.add("second cancelled");
                        }
                    });
            source.subscriber.onComplete();
            source.subscriber.onComplete();
            source.subscriber.onNext(1);
            source.subscriber.onError(new IllegalStateException("late"));
            assertThat(iterator.hasNext()).isFalse();
            assertThatThrownBy(() -> source.subscriber.onNext(null))
                    .isInstanceOf(NullPointerException.class);
        });
        assertThat(trail)
                .containsExactly(
                        "second cancelled",
                        "dropped 1",
                        "dropped java.lang.IllegalStateException: late");
    }

    // Threads.

    @Test
    void publishersOnOtherThreads_areWelcome_andTheCoroutineStaysOnTheLoop() {
        for (int prefetch : List.of(1, 2, 256, Integer.MAX_VALUE)) {
            try (EventLoop loop = EventLoop.start("iterate")) {
                Flux<Integer> source = Flux.range(1, 2_000).publishOn(Schedulers.parallel());
                List<Integer> got =
                        loop.submit(
                                        () -> {
                                            List<Integer> values = new ArrayList<>();
                                            for (int value : iterate(source, prefetch)) {
                                                assertThat(loop.inLoop()).isTrue();
                                                values.add(value);
                                            }
                                            return values;
                                        })
                                .join();
                assertThat(got).isEqualTo(source.collectList().block());
            }
        }
    }

    @Test
    void theLoopGoesOn_whileOneTaskIterates() {
        running(() -> {
            Task<?> ticker =
                    createTask(() -> {
                        for (int i = 0; i < 3; i++) {
                            trail.add("tick");
                            sleep(ofMillis(100));
                        }
                    });
            Flux<Integer> slow =
                    flux(emitter -> {
                        for (int i = 1; i <= 3; i++) {
                            sleep(ofMillis(90));
                            emitter.emit(i);
                        }
                    });
            for (int value : iterate(slow)) {
                trail.add(value);
            }
            ticker.await();
        });
        assertThat(trail).containsExactly("tick", 1, "tick", 2, "tick", 3);
    }

    // The rest.

    @Test
    void thePublisherSeesTheCoroutinesContext() {
        Flux<Object> source = Flux.deferContextual(view -> Flux.just(view.<Object>get("key")));
        VirtualClock.run(() ->
                FluxProbe.with(
                        Context.of("key", "k"),
                        () -> assertThat(iterate(source).iterator().next()).isEqualTo("k")));
    }

    @Test
    void forEach_awaitsBetweenElements_andCancelsIfTheActionFails() {
        running(() -> {
            forEach(
                    Flux.range(1, 2),
                    value -> {
                        sleep(ofSeconds(1));
                        trail.add(value);
                    });
            assertThatThrownBy(() ->
                            forEach(
                                    traced(Flux.range(1, 3).concatWith(Flux.never())),
                                    value -> {
                                        throw new IllegalArgumentException("action " + value);
                                    }))
                    .hasMessage("action 1");
            assertThatThrownBy(() -> forEach(Flux.error(new IOException("K")), value -> {}))
                    .hasRootCauseMessage("K");
        });
        assertThat(trail)
                .containsExactly(1, 2, "request 256", "cancel", "discarded 2", "discarded 3");
    }

    @Test
    void forEach_outsideACoroutine_isRefused() {
        assertThatThrownBy(() -> forEach(Flux.just(1), value -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStreamInAStream_oneInsideTheOther() {
        running(() -> {
            for (int a : iterate(Flux.range(1, 2))) {
                for (int b : iterate(flux((Emitter<Integer> e) -> e.emit(a * 10)))) {
                    trail.add(b);
                }
            }
        });
        assertThat(trail).containsExactly(10, 20);
    }

    @Test
    void inDebugMode_theErrorSaysWhereItWasAwaited() {
        running(() -> {
            currentLoop().debug(true);
            Iterator<Object> iterator =
                    iterate(Flux.error(new IllegalStateException("K"))).iterator();
            assertThatThrownBy(iterator::hasNext)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
            assertThatThrownBy(iterator::hasNext)
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        });
    }

    @Test
    void itCanBeScanned() {
        running(() -> {
            AtomicReference<Scannable> scan = new AtomicReference<>();
            Flux<Integer> source =
                    new Flux<>() {
                        @Override
                        public void subscribe(CoreSubscriber<? super Integer> actual) {
                            scan.set(Scannable.from(actual));
                            Flux.just(1).subscribe(actual);
                        }
                    };
            Iterator<Integer> iterator = iterate(source).iterator();
            iterator.next();
            assertThat(iterator.hasNext()).isFalse();
            assertThat(scan.get().scan(Scannable.Attr.TERMINATED)).isTrue();
            assertThat(scan.get().scan(Scannable.Attr.CANCELLED)).isFalse();
        });
    }
}
