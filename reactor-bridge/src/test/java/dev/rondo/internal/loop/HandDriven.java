package dev.rondo.internal.loop;

import dev.rondo.EventLoop;
import dev.rondo.LoopClock;
import dev.rondo.internal.queue.RunQueue;
import dev.rondo.internal.queue.Timer;
import dev.rondo.internal.queue.Turn;

import java.util.ArrayDeque;

/**
 * A loop whose turns are run one by one, by a callback of it that does not return meanwhile. The
 * turns and their order are those of the loop's own queue.
 */
public final class HandDriven {
    private final RunQueue queue;
    private final LoopClock clock;
    private final ArrayDeque<Turn> sent = new ArrayDeque<>();

    /**
     * Continuations that have come to the loop unasked, since a coroutine has waited for another
     * thread. They do nothing and come at any moment, so they are no turns.
     */
    private final ArrayDeque<Turn> unasked = new ArrayDeque<>();

    /** The last turn of the pass; null between two queue. */
    private Turn end;

    /** Takes over; in a callback of the loop. */
    public HandDriven(EventLoop loop, LoopClock clock) {
        queue = ((Loop) loop).core.queue;
        this.clock = clock;
    }

    /** Whether there is anything to run. */
    public boolean hasTurn() {
        openMail();
        return !queue.ready.isEmpty() || !sent.isEmpty() || dueTimer() != null;
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
        Turn next = queue.ready.remove();
        if (next == end) {
            end = null;
        }
        next.run();
    }

    private void openMail() {
        queue.inbox.drain(next -> {
            if (isOf("dev.rondo.internal.fiber.MountedFiber", next)) {
                unasked.add(next);
            } else if (!isOf("dev.rondo.internal.loop.WhenCollected", next)) {
                // What the collector has found comes at any moment too, and from earlier orders.
                sent.add(next);
            }
        });
    }

    private static boolean isOf(String type, Turn sent) {
        return sent.toString().startsWith(type);
    }

    private void beginPass() {
        sent.forEach(queue.ready::add);
        sent.clear();
        for (Timer timer = dueTimer(); timer != null; timer = dueTimer()) {
            queue.timers.remove(timer);
            queue.ready.add(timer);
        }
        end = queue.ready.last;
    }

    private Timer dueTimer() {
        Timer first = queue.timers.first();
        return first != null && first.when <= clock.nanoTime() ? first : null;
    }
}
