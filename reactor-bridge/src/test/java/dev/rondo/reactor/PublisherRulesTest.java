package dev.rondo.reactor;

import static dev.rondo.reactor.Stranger.error;
import static dev.rondo.reactor.Stranger.taken;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Each rule of Reactive Streams, sections 1 and 2, that a publisher may break towards a coroutine:
 * the loop goes on, no task is left, and every value and every error goes somewhere. A line is a
 * way to take from it, what happens then, and what the coroutine gets.
 */
class PublisherRulesTest {
    @Test
    void rule1_1_moreThanWasAskedFor_isDiscarded_droppedOrAnOverflow() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            for (String value : List.of("a", "b", "c")) {
                                s.onNext(value);
                            }
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, discarded a, discarded b, -> c
                        awaitFirst: request 1, cancel, dropped b, dropped c, -> a
                        iterate: request 1, discarded b, cancel, dropped c, given a, -> More elements came than were asked for
                        gather: request all, discarded a, discarded b, -> [c, other]
                        """);
    }

    @Test
    void rule1_2And1_4_nothingAtAll_canBeCancelled() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, -> waits
                        awaitFirst, iterate: request 1, cancel, -> waits
                        gather: request all, cancel, discarded other, -> waits
                        """);
    }

    @Test
    void rule1_4_subscribeThrows_isTheError() {
        assertThat(
                        taken((s, self) -> {
                            throw error("bad");
                        }))
                .isEqualTo(
                        """
                        await, awaitFirst, toTask, iterate: -> bad
                        gather: discarded other, -> bad
                        """);
    }

    @Test
    void rule1_4_subscribeThrows_afterAnElement() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            throw error("bad");
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, discarded a, -> bad
                        awaitFirst: request 1, cancel, dropped bad, -> a
                        iterate: request 1, cancel, given a, -> bad
                        gather: request all, cancel, discarded a, discarded other, -> bad
                        """);
    }

    @Test
    void rule1_4_subscribeThrows_afterTheEnd() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            s.onComplete();
                            throw error("bad");
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, dropped bad, -> a
                        awaitFirst: request 1, cancel, dropped bad, -> a
                        iterate: request 1, cancel, dropped bad, given a, -> end
                        gather: request all, cancel, dropped bad, -> [a, other]
                        """);
    }

    @Test
    void rule1_6And1_7_signalsAfterOnComplete_areDropped() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            s.onComplete();
                            s.onNext("b");
                            s.onError(error("late"));
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, dropped b, dropped late, -> a
                        awaitFirst: request 1, cancel, dropped b, dropped late, -> a
                        iterate: request 1, dropped b, dropped late, request 1, given a, -> end
                        gather: request all, dropped b, dropped late, -> [a, other]
                        """);
    }

    @Test
    void rule1_6And1_7_signalsAfterOnError_areDropped() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            s.onError(error("first"));
                            s.onNext("b");
                            s.onError(error("late"));
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, discarded a, dropped b, dropped late, -> first
                        awaitFirst: request 1, cancel, dropped first, dropped b, dropped late, -> a
                        iterate: request 1, dropped b, dropped late, request 1, given a, -> first
                        gather: request all, discarded a, dropped b, dropped late, discarded other, -> first
                        """);
    }

    @Test
    void rule1_8_signalsWithinCancel_changeNothing() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.doing(
                                            n -> {},
                                            () -> {
                                                s.onNext("late value");
                                                s.onError(error("late"));
                                            }));
                            s.onNext("a");
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, discarded late value, dropped late, discarded a, -> waits
                        awaitFirst: request 1, cancel, dropped late value, dropped late, -> a
                        iterate: request 1, request 1, given a, cancel, discarded late value, dropped late, -> waits
                        gather: request all, cancel, discarded late value, dropped late, discarded a, discarded other, -> waits
                        """);
    }

    @Test
    void rule1_9_noOnSubscribe_andNothingElse_canBeCancelled() {
        assertThat(taken((s, self) -> {}))
                .isEqualTo(
                        """
                        await, awaitFirst, toTask, iterate: -> waits
                        gather: discarded other, -> waits
                        """);
    }

    @Test
    void rule1_9_noOnSubscribe_theSignalsCount() {
        assertThat(
                        taken((s, self) -> {
                            s.onNext("a");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, awaitFirst, toTask: -> a
                        iterate: given a, -> end
                        gather: -> [a, other]
                        """);
    }

    @Test
    void rule1_9_noOnSubscribe_theErrorCounts() {
        assertThat(
                        taken((s, self) -> {
                            s.onError(error("bad"));
                        }))
                .isEqualTo(
                        """
                        await, awaitFirst, toTask, iterate: -> bad
                        gather: discarded other, -> bad
                        """);
    }

    @Test
    void rule1_9_onSubscribeLast_theSignalsCount() {
        assertThat(
                        taken((s, self) -> {
                            s.onNext("a");
                            s.onComplete();
                            s.onSubscribe(self.idle());
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, -> a
                        awaitFirst: cancel, -> a
                        iterate: request 1, request 1, given a, -> end
                        gather: request all, -> [a, other]
                        """);
    }

    @Test
    void rule2_13_onSubscribeOfNull_isTheError_alsoIfThePublisherCatchesIt() {
        assertThat(
                        taken((s, self) -> {
                            self.tried(() -> s.onSubscribe(null));
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, awaitFirst, toTask, iterate: thrown NullPointerException, cancel, dropped a, -> The publisher gave null as subscription, against rule 2.13
                        gather: thrown NullPointerException, cancel, dropped a, discarded other, -> The publisher gave null as subscription, against rule 2.13
                        """);
    }

    @Test
    void rule2_13_onNextOfNull_isTheError_alsoIfThePublisherCatchesIt() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            self.tried(() -> s.onNext(null));
                            s.onNext("b");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, thrown NullPointerException, dropped b, -> The publisher gave null as element, against rule 2.13
                        awaitFirst, iterate: request 1, cancel, thrown NullPointerException, dropped b, -> The publisher gave null as element, against rule 2.13
                        gather: request all, cancel, thrown NullPointerException, dropped b, discarded other, -> The publisher gave null as element, against rule 2.13
                        """);
    }

    @Test
    void rule2_13_onNextOfNull_afterAnElement() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            self.tried(() -> s.onNext(null));
                            s.onNext("b");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, discarded a, thrown NullPointerException, dropped b, -> The publisher gave null as element, against rule 2.13
                        awaitFirst: request 1, cancel, thrown NullPointerException, dropped b, -> a
                        iterate: request 1, cancel, thrown NullPointerException, dropped b, given a, -> The publisher gave null as element, against rule 2.13
                        gather: request all, cancel, discarded a, thrown NullPointerException, dropped b, discarded other, -> The publisher gave null as element, against rule 2.13
                        """);
    }

    @Test
    void rule2_13_onErrorOfNull_isTheError_alsoIfThePublisherCatchesIt() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            self.tried(() -> s.onError(null));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, thrown NullPointerException, -> The publisher gave null as error, against rule 2.13
                        awaitFirst, iterate: request 1, cancel, thrown NullPointerException, -> The publisher gave null as error, against rule 2.13
                        gather: request all, cancel, thrown NullPointerException, discarded other, -> The publisher gave null as error, against rule 2.13
                        """);
    }

    @Test
    void rule2_5And2_12_onSubscribeTwice_theSecondIsCancelled() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            s.onSubscribe(self.idle());
                            s.onNext("a");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, -> a
                        awaitFirst: request 1, cancel, cancel, -> a
                        iterate: request 1, cancel, request 1, given a, -> end
                        gather: request all, cancel, -> [a, other]
                        """);
    }
}
