package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Turn;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Whom a request to cancel would reach: looked up from any thread, while the loop goes on. */
final class CancelPath {
    /*
     * It is walked from its end up to its beginning, along the waiters of each future. Their lists are
     * the loop's, and change meanwhile: a waiter that has moved on leads into another list. So each says
     * itself whether it waits for the future in question, and none is asked twice: the walk ends, and
     * what it has found was so at some moment of it.
     */
    private CancelPath() {}

    static boolean leads(LoopFuture<?> from, LoopFuture<?> to) {
        Set<Waiter> asked = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<LoopFuture<?>> ends = new ArrayDeque<>();
        ends.add(to);
        for (LoopFuture<?> end = ends.poll(); end != null; end = ends.poll()) {
            if (end instanceof SuspendingTask<?> task && task.isShielded()) {
                continue;
            }
            if (end == from) {
                return true;
            }
            Turn next = end.firstWaiter();
            while (next instanceof Waiter waiter && asked.add(waiter)) {
                next = waiter.next;
                LoopFuture<?> before = waiter.passesCancelTo(end);
                if (before != null) {
                    ends.add(before);
                }
            }
        }
        return false;
    }
}
