package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What lies around code of a coroutine and meets a request to cancel on its way there: a shield,
 * which holds it back, an action, which hears of it, or a task group, whose children it may go to
 * as well. They lie one in another; the code itself is in the innermost.
 */
abstract class Enclosure {
    private final @Nullable Enclosure outer;

    /** How many there are, this one included. */
    private final int depth;

    /** The depth of the innermost shield, this one included; zero: none. */
    private final int shieldDepth;

    private Enclosure(@Nullable Enclosure outer, boolean shield) {
        this.outer = outer;
        depth = depth(outer) + 1;
        shieldDepth = shield ? depth : shieldDepth(outer);
    }

    /** A request passes, which nothing has held back. */
    protected abstract void passed(CancelRequest request);

    /** The task groups among them, innermost first. */
    static List<EnclosedGroup> groups(@Nullable Enclosure innermost) {
        List<EnclosedGroup> groups = new ArrayList<>(0);
        for (Enclosure around = innermost; around != null; around = around.outer) {
            if (around instanceof Group own) {
                groups.add(own.group);
            }
        }
        return groups;
    }

    static int depth(@Nullable Enclosure innermost) {
        return innermost == null ? 0 : innermost.depth;
    }

    static int shieldDepth(@Nullable Enclosure innermost) {
        return innermost == null ? 0 : innermost.shieldDepth;
    }

    /** Tells those that the request passes, innermost first; what they throw is reported. */
    static void tell(LoopCore loop, @Nullable Enclosure innermost, CancelRequest request) {
        for (Enclosure passed = innermost;
                passed != null && passed.depth > request.depth();
                passed = passed.outer) {
            passed.tell(loop, request);
        }
    }

    final void tell(LoopCore loop, CancelRequest request) {
        try {
            passed(request);
        } catch (Throwable e) {
            loop.report("Exception in what a request to cancel calls", e);
        }
    }

    static final class Shield extends Enclosure {
        Shield(@Nullable Enclosure outer) {
            super(outer, true);
        }

        @Override
        protected void passed(CancelRequest request) {}
    }

    static final class OnRequest extends Enclosure {
        private final Runnable action;
        private final @Nullable VarMap values = Scope.currentValues();

        OnRequest(@Nullable Enclosure outer, Runnable action) {
            super(outer, false);
            this.action = action;
        }

        @Override
        protected void passed(CancelRequest request) {
            Scope.apart(values, action);
        }
    }

    static final class Group extends Enclosure {
        private final EnclosedGroup group;

        Group(@Nullable Enclosure outer, EnclosedGroup group) {
            super(outer, false);
            this.group = group;
        }

        @Override
        protected void passed(CancelRequest request) {}
    }
}
