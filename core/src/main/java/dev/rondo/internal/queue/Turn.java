package dev.rondo.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * Something a loop runs when its turn comes. It is the link of the queue it stands in, so that
 * queueing needs no memory; it stands in one at a time.
 */
public abstract class Turn implements Runnable {
    /** The neighbour in its queue, if there is one. */
    public @Nullable Turn next;

    /** An action in a turn of its own. */
    public static Turn of(Runnable action) {
        return action instanceof Turn turn ? turn : new Once(action);
    }

    private static final class Once extends Turn {
        private final Runnable action;

        Once(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            action.run();
        }

        @Override
        public String toString() {
            return action.toString();
        }
    }
}
