package dev.rondo;

import org.jspecify.annotations.Nullable;

/**
 * What lies around code of a coroutine and meets a request to cancel on its way there: a shield,
 * which holds it back, or an action, which it calls. They lie one in another; the code itself is in
 * the innermost.
 */
final class Enclosure {
    private final @Nullable Enclosure outer;

    /** How many there are, this one included. */
    private final int depth;

    /** The depth of the innermost shield, this one included; zero: none. */
    private final int shieldDepth;

    private final @Nullable Runnable action;

    private Enclosure(@Nullable Enclosure outer, @Nullable Runnable action) {
        this.outer = outer;
        this.action = action;
        depth = depth(outer) + 1;
        shieldDepth = action == null ? depth : shieldDepth(outer);
    }

    static Enclosure shield(@Nullable Enclosure outer) {
        return new Enclosure(outer, null);
    }

    static Enclosure action(@Nullable Enclosure outer, Runnable action) {
        return new Enclosure(outer, action);
    }

    static int depth(@Nullable Enclosure innermost) {
        return innermost == null ? 0 : innermost.depth;
    }

    static int shieldDepth(@Nullable Enclosure innermost) {
        return innermost == null ? 0 : innermost.shieldDepth;
    }

    /** Calls the actions that the request passes, innermost first. */
    static void call(EventLoop loop, @Nullable Enclosure innermost, CancelRequest request) {
        for (Enclosure passed = innermost;
                passed != null && passed.depth > request.depth();
                passed = passed.outer) {
            passed.call(loop);
        }
    }

    /** Calls the action, if it is one; what that throws is reported. */
    void call(EventLoop loop) {
        if (action != null) {
            try {
                action.run();
            } catch (Throwable e) {
                loop.report("Exception in what a request to cancel calls", e, null);
            }
        }
    }
}
