package dev.rondo.reactor;

import dev.rondo.Outcome;

/**
 * Suppressed in a failure, in debug mode: where a coroutine awaited the publisher that failed. One
 * for a failure, however often it is thrown on.
 */
final class AwaitSite extends Exception {
    private static final long serialVersionUID = 1L;

    private AwaitSite() {
        super("awaited here");
    }

    static void addTo(Throwable failure) {
        Throwable thrown = Outcome.unwrap(failure);
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (suppressed instanceof AwaitSite) {
                return;
            }
        }
        thrown.addSuppressed(new AwaitSite());
    }
}
