package dev.rondo.reactor;

import dev.rondo.EventLoop;
import dev.rondo.LoopGroup;

import reactor.util.context.ContextView;

/** On which loop a body runs for which none is named, asked for each subscriber. */
@FunctionalInterface
interface LoopChoice {
    EventLoop forSubscriber(ContextView context);

    /** That of the coroutine that awaits it, else the current one, else the shared one. */
    LoopChoice CURRENT = CoroutineContext::loopOf;

    /** The one where it is subscribed, if it is of the group; else the group's next. */
    static LoopChoice of(LoopGroup group) {
        return context -> {
            EventLoop here =
                    context instanceof CoroutineContext awaiting
                            ? awaiting.loop
                            : EventLoop.current();
            return here != null && group.loops().contains(here) ? here : group.next();
        };
    }
}
