package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.FluxProbe.settle;
import static dev.rondo.reactor.ReactorBridge.*;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rondo.Task;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.test.publisher.TestPublisher;

import java.util.Iterator;
import java.util.List;

/** Who may not iterate, and publishers that break the rules. */
class IterateMisuseTest extends IterateFixture {
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
}
