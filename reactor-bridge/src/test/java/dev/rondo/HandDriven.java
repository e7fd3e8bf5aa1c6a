package dev.rondo;

import dev.rondo.internal.Turn;

import java.util.ArrayDeque;

/**
 * A loop whose turns are run one by one, by a callback of it that does not return meanwhile. The
 * turns and their order are those of the loop's own passes.
 */
public final class HandDriven {
    private final Passes passes;
    private final LoopClock clock;
    private final ArrayDeque<Turn> sent = new ArrayDeque<>();

    /**
     * Continuations that have come to the loop unasked, since a coroutine has waited for another
     * thread. They do nothing and come at any moment, so they are no turns.
     */
    private final ArrayDeque<Turn> unasked = new ArrayDeque<>();

    /** The last turn of the pass; null between two passes. */
    private Turn end;

    /** Takes over; in a callback of the loop. */
    public HandDriven(EventLoop loop, LoopClock clock) throws ReflectiveOperationException {
        var field = EventLoop.class.getDeclaredField("passes");
        field.setAccessible(true);
        passes = (Passes) field.get(loop);
        this.clock = clock;
    }

    /** Whether there is anything to run. */
    public boolean hasTurn() {
        openMail();
        return !passes.ready.isEmpty() || !sent.isEmpty() || dueTimer() != null;
    }

    /** Runs what is next. What it throws would be reported by the loop as an error of its own. */
    public void turn() {
        openMail();
        while (!unasked.isEmpty()) {
            unasked.remove().run();
        }
        if (end == null) {
            beginPass();
        }
        Turn next = passes.ready.remove();
        if (next == end) {
            end = null;
        }
        next.run();
    }

    private void openMail() {
        passes.inbox.drain(next -> {
            if (isOf("dev.rondo.internal.MountedFiber", next)) {
                unasked.add(next);
            } else if (!isOf("dev.rondo.WhenCollected", next)) {
                // What the collector has found comes at any moment too, and from earlier orders.
                sent.add(next);
            }
        });
    }

    private static boolean isOf(String type, Turn sent) {
        return sent.toString().startsWith(type);
    }

    private void beginPass() {
        sent.forEach(passes.ready::add);
        sent.clear();
        for (Timer timer = dueTimer(); timer != null; timer = dueTimer()) {
            passes.timers.remove(timer);
            passes.ready.add(timer);
        }
        end = passes.ready.last;
    }

    private Timer dueTimer() {
        Timer first = passes.timers.first();
        return first != null && first.when <= clock.nanoTime() ? first : null;
    }
}
