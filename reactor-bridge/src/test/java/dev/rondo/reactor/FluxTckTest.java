package dev.rondo.reactor;

import org.junit.jupiter.api.Test;

/** The Reactive Streams TCK, of the streaming side; floors are what ran when this was written. */
class FluxTckTest {
    @Test
    void flux_keepsTheRulesForPublishers() {
        Tck.run(FluxVerification.class, 31);
    }

    @Test
    void whatIterateSubscribesWith_keepsTheRulesForSubscribers() {
        Tck.run(IterateVerification.class, 14);
    }
}
