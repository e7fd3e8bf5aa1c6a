package dev.rondo.testing;

import dev.rondo.Action;
import dev.rondo.Coroutine;
import dev.rondo.EventLoop;
import dev.rondo.LoopClock;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A clock for tests. It starts at zero and stands still while the loop has anything to run, or
 * waits for work that it knows to be under way outside; when only timers are left, it jumps to the
 * next one. For one loop at a time; readable from any thread.
 *
 * <p>Work outside takes real time. A call in {@code toThread} is waited for as long as it takes. A
 * {@code CompletionStage}, and with the bridge a publisher that runs on another loop or scheduler,
 * may never come: it is waited for at most a second. What else comes from outside is announced with
 * {@link EventLoop#holdTime()}.
 *
 * <pre>{@code
 * VirtualClock.run(() -> sleep(Duration.ofHours(1)));   // returns at once
 * }</pre>
 */
public final class VirtualClock implements LoopClock {
    private volatile long now;

    /** A clock at zero. */
    public VirtualClock() {}

    /**
     * Runs a coroutine on a new loop with a virtual clock, and closes the loop.
     *
     * @return the coroutine's result
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        try (EventLoop loop = EventLoop.builder().clock(new VirtualClock()).build()) {
            return loop.run(main);
        }
    }

    /**
     * Runs a coroutine without a result on a new loop with a virtual clock, and closes the loop.
     */
    public static void run(Action main) {
        try (EventLoop loop = EventLoop.builder().clock(new VirtualClock()).build()) {
            loop.run(main);
        }
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /**
     * Moves time on, as code does that takes long: what comes due meanwhile runs in the next pass.
     * On the loop's thread; a loop that sleeps is not woken by it. Never suspends.
     *
     * @throws IllegalArgumentException if negative
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("Time does not go back: " + by);
        }
        now += by.toNanos();
    }

    @Override
    public boolean jumpTo(long nanoTime) {
        now = Math.max(now, nanoTime);
        return true;
    }
}
