package dev.rondo.reactor;

import dev.rondo.EventLoop;
import dev.rondo.LoopClosedException;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A loop as a Reactor scheduler; see {@link ReactorBridge#scheduler} for what a user is promised,
 * {@link Submissions} for how.
 */
final class LoopScheduler implements Scheduler, Scannable {
    private final EventLoop loop;
    private final boolean ownsLoop;
    private final Submissions submissions;

    private LoopScheduler(EventLoop loop, boolean ownsLoop) {
        this.loop = loop;
        this.ownsLoop = ownsLoop;
        submissions = new Submissions(loop);
    }

    static LoopScheduler viewOf(EventLoop loop) {
        return new LoopScheduler(Objects.requireNonNull(loop, "loop"), false);
    }

    static LoopScheduler ofNewLoop(String name) {
        return new LoopScheduler(EventLoop.start(Objects.requireNonNull(name, "name")), true);
    }

    boolean isOf(EventLoop other) {
        return loop == other;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return submissions.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return submissions.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(
            Runnable task, long initialDelay, long period, TimeUnit unit) {
        return submissions.schedulePeriodically(task, initialDelay, period, unit);
    }

    /** Never fails: a worker of a disposed scheduler refuses work itself. */
    @Override
    public Worker createWorker() {
        return new LoopWorker(this, new Submissions(submissions));
    }

    /** The loop's time: the time of day for milliseconds and more, for differences below. */
    @Override
    public long now(TimeUnit unit) {
        return unit.compareTo(TimeUnit.MILLISECONDS) >= 0
                ? unit.convert(loop.epochMillis(), TimeUnit.MILLISECONDS)
                : unit.convert(loop.time(), TimeUnit.NANOSECONDS);
    }

    // Life and end.

    @Override
    public void init() {
        if (isDisposed()) {
            throw new IllegalStateException(
                    "Initializing a disposed scheduler is not permitted: " + this);
        }
    }

    /** Does nothing: a disposed scheduler cannot be started again. */
    @Override
    @Deprecated
    public void start() {}

    @Override
    public void dispose() {
        submissions.cancel();
        if (ownsLoop) {
            loop.closeAsync();
        }
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return Mono.defer(() -> {
            submissions.close();
            // Who gives up waiting takes nothing back.
            return Mono.fromFuture(end(), true);
        });
    }

    /** Done, on no loop's thread, when nothing is left of a closed scheduler. */
    private CompletableFuture<Void> end() {
        CompletableFuture<Void> drained;
        try {
            // A coroutine, so that the end of the loop ends it too.
            drained =
                    loop.submit(submissions::awaitDrained)
                            .toCompletableFuture()
                            .handle((_, _) -> null);
        } catch (LoopClosedException e) {
            drained = CompletableFuture.completedFuture(null);
        }
        if (ownsLoop) {
            drained = drained.thenCompose(_ -> loop.closeAsync());
        }
        return drained.thenRunAsync(() -> {});
    }

    @Override
    public boolean isDisposed() {
        return submissions.isClosed();
    }

    // What it is.

    @Override
    @SuppressWarnings("rawtypes") // as it is inherited
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.NAME) {
            return toString();
        }
        if (key == Attr.CAPACITY) {
            return 1;
        }
        return scan(submissions, key);
    }

    static @Nullable Object scan(Submissions submissions, Attr<?> key) {
        if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
            return submissions.isClosed();
        }
        return key == Attr.BUFFERED ? submissions.live() : null;
    }

    /** True for views of one loop; one that owns its loop equals only itself. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof LoopScheduler that
                        && loop == that.loop
                        && !ownsLoop
                        && !that.ownsLoop);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(loop);
    }

    @Override
    public String toString() {
        return "loop(\"" + loop.name() + "\")";
    }
}
