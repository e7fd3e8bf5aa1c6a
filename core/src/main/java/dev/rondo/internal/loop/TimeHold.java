package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.internal.fiber.StackRoom;
import dev.rondo.internal.queue.Turn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work under way outside a loop, for which a clock that can jump stands still. */
public final class TimeHold implements EventLoop.Hold {
    static final long UNBOUNDED = Long.MAX_VALUE;

    /** For work that may be under way outside, or may never come back. */
    private static final long FOR_A_GUESS = Duration.ofSeconds(1).toNanos();

    private final LoopCore loop;
    private final long atMost;
    private final AtomicBoolean released = new AtomicBoolean();
    private final Turn wake = Turn.of(() -> {});

    /**
     * @param atMost in nanoseconds of real time
     */
    TimeHold(LoopCore loop, long atMost) {
        this.loop = loop;
        this.atMost = atMost;
        loop.time.hold(atMost);
    }

    /**
     * For a stage that somebody outside is likely to complete; null for a copy of what is the
     * loop's own, and under real time.
     */
    static @Nullable TimeHold forStage(LoopCore loop, CompletionStage<?> stage) {
        boolean own = stage instanceof OutsideFuture<?> copy && copy.isOf(loop);
        return loop.time.isVirtual() && !own ? new TimeHold(loop, FOR_A_GUESS) : null;
    }

    @Override
    public void close() {
        StackRoom.ensure();
        if (!released.getAndSet(true)) {
            loop.time.release(atMost);
            loop.post(wake);
        }
    }
}
