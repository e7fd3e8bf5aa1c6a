package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/**
 * Failures nobody has looked at. One is reported, once, when its task or promise is collected, or
 * when the loop closes: before that somebody may still look. On the loop's thread.
 */
final class UnseenFailures {
    private final LoopCore loop;
    private final Set<Watched> watched = new HashSet<>();
    private int sweepAt = 64;

    UnseenFailures(LoopCore loop) {
        this.loop = loop;
    }

    void watch(LoopFuture<?> future, Failure failure) {
        if (watched.size() >= sweepAt) {
            watched.removeIf(entry -> entry.failure.seen);
            sweepAt = Math.max(64, watched.size() * 2);
        }
        watched.add(new Watched(future, failure));
    }

    /** Reports all that is left. */
    void reportAll() {
        watched.forEach(Watched::report);
        watched.clear();
    }

    private final class Watched extends WhenCollected<LoopFuture<?>> {
        private final Failure failure;
        private final String label;
        private final @Nullable Throwable origin;

        Watched(LoopFuture<?> future, Failure failure) {
            super(future);
            this.failure = failure;
            label = future.isNamed() ? future.label() : "A promise";
            origin = future.origin();
        }

        @Override
        LoopCore loop() {
            return loop;
        }

        @Override
        void collected() {
            if (watched.remove(this)) {
                report();
            }
        }

        void report() {
            if (!failure.seen) {
                Throwable exception = failure.exception();
                loop.report(
                        label + " failed and nobody looked at its failure",
                        exception,
                        get(),
                        origin);
            }
        }
    }
}
