package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Something to do on a loop when an object that its user may drop has been collected. Whoever makes
 * one must hold it. The watchdog's thread waits for them.
 */
abstract class WhenCollected<T> extends WeakReference<T> {
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();

    WhenCollected(T object) {
        super(object, QUEUE);
    }

    /** The loop it is to be done on; null if there is nothing to do any more. From any thread. */
    abstract @Nullable LoopCore loop();

    /** Does it; on the loop. */
    abstract void collected();

    /** Gives the loops what has been collected, for so long. */
    static void giveToLoops(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            give(QUEUE.remove(Math.max(1, left / 1_000_000)));
        }
    }

    /** In one parcel for each loop. */
    private static void give(@Nullable Reference<?> first) {
        Map<LoopCore, List<WhenCollected<?>>> parcels = new HashMap<>();
        for (Reference<?> gone = first; gone != null; gone = QUEUE.poll()) {
            WhenCollected<?> action = (WhenCollected<?>) gone;
            LoopCore loop = action.loop();
            if (loop != null) {
                parcels.computeIfAbsent(loop, own -> new ArrayList<>()).add(action);
            }
        }
        // A closed loop has told already what there was to tell.
        parcels.forEach(
                (loop, parcel) -> loop.post(() -> parcel.forEach(WhenCollected::collected)));
    }
}
