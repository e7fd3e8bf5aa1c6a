package dev.rondo.reactor;

import dev.rondo.EventLoop;

/** The loop for those who name none and are on none; it starts when it is first needed. */
final class SharedLoop {
    private static final class Holder {
        static final EventLoop LOOP = EventLoop.start("rondo-shared");
    }

    private SharedLoop() {}

    /** The loop of the calling coroutine or callback, else the shared one. */
    static EventLoop orCurrent() {
        EventLoop current = EventLoop.current();
        return current != null ? current : Holder.LOOP;
    }
}
