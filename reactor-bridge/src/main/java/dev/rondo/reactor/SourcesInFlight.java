package dev.rondo.reactor;

import dev.rondo.Task;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** What the coroutines of a body have subscribed to, for a cancel that comes from any thread. */
final class SourcesInFlight {
    /*
     * A list from `newest` on, which only the loop changes and any thread may walk, since what is taken
     * out still leads on. Who cancels sets a flag, then walks the list. A coroutine puts a source into
     * the list, then looks at the flag, then subscribes: so it is found, or does not subscribe.
     */
    private static final VarHandle NEWEST;

    static {
        try {
            NEWEST =
                    MethodHandles.lookup()
                            .findVarHandle(SourcesInFlight.class, "newest", SourceInFlight.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable SourceInFlight newest;

    /** On the loop. */
    void add(SourceInFlight source) {
        SourceInFlight before = newest;
        source.older = before;
        source.isListed = true;
        if (before != null) {
            before.newer = source;
        }
        newest = source;
    }

    /** On the loop; what is not in the list is left alone. */
    void remove(SourceInFlight source) {
        if (!source.isListed) {
            return;
        }
        source.isListed = false;
        SourceInFlight older = source.older;
        SourceInFlight newer = source.newer;
        if (older != null) {
            older.newer = newer;
        }
        if (newer == null) {
            NEWEST.setRelease(this, older);
        } else {
            newer.older = older;
        }
    }

    /** Cancels all that a request to cancel the task would reach. From any thread. */
    void cancelReachedFrom(Task<?> task) {
        for (SourceInFlight source = newest; source != null; source = source.older) {
            if (task.cancelReaches(Objects.requireNonNull(source.owner))) {
                try {
                    source.cancel();
                } catch (Throwable e) {
                    // Rule 3.15. The others are cancelled all the same.
                    TaskErrors.report(e);
                }
            }
        }
    }

    /** Of those that are cancelled, tells whoever waits; on the loop. */
    void tellCancelled() {
        for (SourceInFlight source = newest; source != null; source = source.older) {
            if (source.isCancelled()) {
                source.tellCancelled();
            }
        }
    }
}
