package dev.rondo.reactor;

import static dev.rondo.reactor.Stranger.error;
import static dev.rondo.reactor.Stranger.taken;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** As {@link PublisherRulesTest}, for the rules that a Subscription may break (section 3). */
class SubscriptionRulesTest {
    @Test
    void rule3_3_requestGivesAllWithin_needsNoStack_andNothingComesTwice() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.onRequest(n -> {
                                        s.onNext("a");
                                        s.onNext("b");
                                        s.onComplete();
                                    }));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, discarded a, -> b
                        awaitFirst: request 1, cancel, dropped b, -> a
                        iterate: request 1, discarded b, cancel, given a, -> More elements came than were asked for
                        gather: request all, discarded a, -> [b, other]
                        """);
    }

    @Test
    void rule3_16_requestThrows_isTheError_andThePublisherHearsNothingOfIt() {
        assertThat(
                        taken((s, self) -> {
                            self.tried(() ->
                                    s.onSubscribe(
                                            self.onRequest(n -> {
                                                throw error("bad");
                                            })));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, -> bad
                        awaitFirst, iterate: request 1, cancel, -> bad
                        gather: request all, cancel, discarded other, -> bad
                        """);
    }

    @Test
    void rule3_16_requestThrows_afterAnElement() {
        assertThat(
                        taken((s, self) -> {
                            self.tried(() ->
                                    s.onSubscribe(
                                            self.onRequest(n -> {
                                                s.onNext("a");
                                                throw error("bad");
                                            })));
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
    void rule3_16_aLaterRequestThrows_isTheError_afterTheElementInHand() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.onRequest(n -> {
                                        if (self.trail.size() > 1) {
                                            throw error("bad");
                                        }
                                        s.onNext("a");
                                        s.onNext("b");
                                    }));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, discarded a, cancel, discarded b, -> waits
                        awaitFirst: request 1, cancel, dropped b, -> a
                        iterate: request 1, discarded b, cancel, given a, -> More elements came than were asked for
                        gather: request all, discarded a, cancel, discarded b, discarded other, -> waits
                        """);
    }

    @Test
    void rule3_15_cancelThrows_isDropped_andWhoCancelsGoesOn() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.doing(
                                            n -> {},
                                            () -> {
                                                throw error("bad");
                                            }));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, dropped bad, -> waits
                        awaitFirst, iterate: request 1, cancel, dropped bad, -> waits
                        gather: request all, cancel, dropped bad, discarded other, -> waits
                        """);
    }

    @Test
    void rule3_15_cancelThrows_afterAnElement() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.doing(
                                            n -> {},
                                            () -> {
                                                throw error("bad");
                                            }));
                            s.onNext("a");
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, dropped bad, discarded a, -> waits
                        awaitFirst: request 1, cancel, dropped bad, -> a
                        iterate: request 1, request 1, given a, cancel, dropped bad, -> waits
                        gather: request all, cancel, dropped bad, discarded a, discarded other, -> waits
                        """);
    }

    @Test
    void rule3_15_cancelThrows_ofASecondSubscription() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(self.idle());
                            self.tried(() ->
                                    s.onSubscribe(
                                            self.doing(
                                                    n -> {},
                                                    () -> {
                                                        throw error("bad");
                                                    })));
                            s.onNext("a");
                            s.onComplete();
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, dropped bad, -> a
                        awaitFirst: request 1, cancel, dropped bad, cancel, -> a
                        iterate: request 1, cancel, dropped bad, request 1, given a, -> end
                        gather: request all, cancel, dropped bad, -> [a, other]
                        """);
    }

    @Test
    void rule3_15_cancelThrows_andSubscribeToo_bothAreHeard() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.doing(
                                            n -> {},
                                            () -> {
                                                throw error("cancel");
                                            }));
                            throw error("subscribe");
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, dropped cancel, -> subscribe
                        awaitFirst, iterate: request 1, cancel, dropped cancel, -> subscribe
                        gather: request all, cancel, dropped cancel, discarded other, -> subscribe
                        """);
    }

    @Test
    void rule3_15And1_8_cancelThrows_andSignals() {
        assertThat(
                        taken((s, self) -> {
                            s.onSubscribe(
                                    self.doing(
                                            n -> {},
                                            () -> {
                                                s.onComplete();
                                                s.onNext("late value");
                                                throw error("bad");
                                            }));
                        }))
                .isEqualTo(
                        """
                        await, toTask: request all, cancel, discarded late value, dropped bad, -> waits
                        awaitFirst, iterate: request 1, cancel, discarded late value, dropped bad, -> waits
                        gather: request all, cancel, discarded late value, dropped bad, discarded other, -> waits
                        """);
    }
}
