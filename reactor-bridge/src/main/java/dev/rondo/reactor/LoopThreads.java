package dev.rondo.reactor;

import dev.rondo.EventLoop;

import reactor.core.scheduler.Schedulers;

/**
 * Makes Reactor refuse to block in loops and coroutines: {@code block()} there would hold the very
 * loop that may have to bring the value.
 */
final class LoopThreads {
    private LoopThreads() {}

    /**
     * Called once, by the bridge's class initializer: Reactor adds each predicate to those it has,
     * and has no way to take one back.
     */
    static void makeNonBlocking() {
        Schedulers.registerNonBlockingThreadPredicate(EventLoop::isLoopThread);
    }
}
