package dev.rondo.reactor;

import static dev.rondo.Async.*;
import static dev.rondo.reactor.ReactorBridge.*;
import static dev.rondo.reactor.Throwing.sneaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofSeconds;

import dev.rondo.Task;
import dev.rondo.testing.VirtualClock;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Awaited publishers that break the rules. */
class AwaitBadPublishersTest extends AwaitFixture {
    private interface Signals {
        void to(Subscriber<? super String> subscriber);
    }

    private static final class Recorded implements Subscription {
        private final List<Object> trail;

        Recorded(List<Object> trail) {
            this.trail = trail;
        }

        @Override
        public void request(long n) {
            trail.add("request");
        }

        @Override
        public void cancel() {
            trail.add("cancel");
        }
    }

    private Object outcomeOf(Signals signals) {
        return VirtualClock.run(() -> {
            trail.clear();
            dropped.clear();
            Publisher<String> publisher = signals::to;
            try {
                return timeout(ofSeconds(10), () -> await(publisher));
            } catch (RuntimeException | Error e) {
                return e;
            }
        });
    }

    @Test
    void aSecondSubscription_isCancelled() {
        Object outcome =
                outcomeOf(s -> {
                    s.onSubscribe(new Recorded(trail));
                    s.onSubscribe(new Recorded(trail));
                    s.onNext("value");
                    s.onComplete();
                });
        assertThat(outcome).isEqualTo("value");
        assertThat(trail).containsExactly("request", "cancel");
    }

    @Test
    void signalsAfterTheEnd_goToTheHooks() {
        IllegalStateException late = new IllegalStateException("late");
        Object outcome =
                outcomeOf(s -> {
                    s.onSubscribe(new Recorded(trail));
                    s.onNext("value");
                    s.onComplete();
                    s.onNext("more");
                    s.onError(late);
                    s.onComplete();
                });
        assertThat(outcome).isEqualTo("value");
        assertThat(dropped).containsExactly("more", late);
    }

    @Test
    void signalsBeforeTheSubscription_count() {
        assertThat(
                        outcomeOf(s -> {
                            s.onNext("early");
                            s.onComplete();
                        }))
                .isEqualTo("early");
        IllegalStateException early = new IllegalStateException("early");
        assertThat(outcomeOf(s -> s.onError(early))).isSameAs(early);
    }

    @Test
    void subscribeThrows_alsoWhatIsFatalToTheJvm() {
        for (Throwable thrown :
                List.of(
                        new IllegalStateException("in subscribe"),
                        new StackOverflowError("fatal"),
                        new NoClassDefFoundError("fatal too"))) {
            assertThat(
                            outcomeOf(s -> {
                                s.onSubscribe(new Recorded(trail));
                                sneaky(thrown);
                            }))
                    .isSameAs(thrown);
            assertThat(trail).containsExactly("request", "cancel");
            assertThat(outcomeOf(s -> sneaky(thrown))).isSameAs(thrown);
            assertThat(
                            outcomeOf(s -> {
                                s.onSubscribe(new Recorded(trail));
                                s.onNext("value");
                                s.onComplete();
                                sneaky(thrown);
                            }))
                    .isEqualTo("value");
            assertThat(dropped).containsExactly(thrown);
        }
        VirtualClock.run(() -> {
            Mono<Object> fatal =
                    Mono.create(sink -> {
                        throw new StackOverflowError("out of create");
                    });
            assertThatThrownBy(() -> await(fatal)).isInstanceOf(StackOverflowError.class);
        });
    }

    @Test
    void aMonoThatOverproduces_givesItsFirst() {
        VirtualClock.run(() -> {
            Mono<String> bad =
                    new Mono<>() {
                        @Override
                        public void subscribe(reactor.core.CoreSubscriber<? super String> actual) {
                            actual.onSubscribe(new Recorded(trail));
                            actual.onNext("first");
                            actual.onNext("second");
                            actual.onComplete();
                        }
                    };
            assertThat(await(bad)).isEqualTo("first");
            assertThat(dropped).containsExactly("second");
        });
    }

    @Test
    void aSubscriptionThatComesLate_isCancelledIfTheWaiterIsGone() {
        VirtualClock.run(() -> {
            List<Subscriber<?>> subscribers = new ArrayList<>();
            Publisher<String> slow = subscribers::add;
            Task<String> task = createTask(() -> await(slow));
            yieldNow();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            subscribers.getFirst().onSubscribe(new Recorded(trail));
            assertThat(trail).containsExactly("cancel");
            subscribers.getFirst().onError(new CancellationException("mere"));
            assertThat(dropped).isEmpty();
        });
    }

    @Test
    void aPublisherThatNeverSignals_canStillBeCancelled() {
        assertThat(outcomeOf(s -> {})).isInstanceOf(dev.rondo.AsyncTimeoutException.class);
    }
}
