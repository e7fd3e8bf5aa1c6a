package dev.rondo.reactor;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.util.context.Context;

/** Where {@code doOnDiscard} has left its hook. */
final class DiscardHook {
    /** Where Reactor keeps it in a Context. */
    private static final String KEY = "reactor.onDiscard.local";

    private DiscardHook() {}

    /**
     * The Context with the hook for what a subscriber discards: {@code doOnDiscard} writes it for
     * what lies above it, so one that is written on the publisher itself is in the Context of an
     * operator above. It calls the hook of the Context here as well: so the nearest that is another
     * one is looked for.
     *
     * @param here the subscriber's own
     * @param subscription what it has been given
     */
    static Context nearest(Context here, @Nullable Subscription subscription) {
        Object ownHook = here.getOrDefault(KEY, null);
        Object above = subscription;
        while (above instanceof CoreSubscriber<?> operator) {
            Object hook = operator.currentContext().getOrDefault(KEY, null);
            if (hook != null && hook != ownHook) {
                return operator.currentContext();
            }
            above = Scannable.from(operator).scanUnsafe(Scannable.Attr.PARENT);
        }
        return here;
    }
}
