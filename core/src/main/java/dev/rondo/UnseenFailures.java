package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/**
 * Failures nobody has looked at. One is reported, once, when its task or promise is collected, or
 * when the loop closes: before that somebody may still look. On the loop's thread.
 */
final class UnseenFailures {
    private final EventLoop loop;
    private final Set<Watched> watched = new HashSet<>();
    private final ReferenceQueue<LoopFuture<?>> collected = new ReferenceQueue<>();
    private volatile boolean watching;
    private int sweepAt = 64;

    UnseenFailures(EventLoop loop) {
        this.loop = loop;
    }

    void watch(LoopFuture<?> future, Failure failure) {
        if (watched.size() >= sweepAt) {
            watched.removeIf(entry -> entry.failure.seen);
            sweepAt = Math.max(64, watched.size() * 2);
        }
        Throwable origin = future instanceof CoroutineTask<?> task ? task.origin : null;
        watching = true;
        watched.add(new Watched(future, collected, failure, future.label(), origin));
    }

    /** Reports what has been collected since the last time. */
    void poll() {
        if (!watched.isEmpty()) {
            for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
                if (gone instanceof Watched entry && watched.remove(entry)) {
                    report(entry);
                }
            }
            watching = !watched.isEmpty();
        }
    }

    /** Makes a loop that sleeps look for what has been collected; from any thread. */
    void wake() {
        if (watching) {
            watching = false;
            loop.post(() -> {
                watched.removeIf(entry -> entry.failure.seen);
                watching = !watched.isEmpty();
            });
        }
    }

    /** Reports all that is left. */
    void reportAll() {
        watched.forEach(this::report);
        watched.clear();
    }

    private void report(Watched entry) {
        if (!entry.failure.seen) {
            Throwable exception = entry.failure.exception();
            loop.report(
                    entry.label + " failed and nobody looked at its failure",
                    exception,
                    entry.origin);
        }
    }

    private static final class Watched extends PhantomReference<LoopFuture<?>> {
        final Failure failure;
        final String label;
        final @Nullable Throwable origin;

        Watched(
                LoopFuture<?> future,
                ReferenceQueue<LoopFuture<?>> queue,
                Failure failure,
                String label,
                @Nullable Throwable origin) {
            super(future, queue);
            this.failure = failure;
            this.label = label;
            this.origin = origin;
        }
    }
}
