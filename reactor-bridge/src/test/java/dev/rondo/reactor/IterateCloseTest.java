package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofSeconds;

import dev.rondo.*;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Every way to leave the loop over a publisher before its end. */
class IterateCloseTest extends IterateFixture {
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
}
