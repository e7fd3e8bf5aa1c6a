package dev.rondo.reactor;

import dev.rondo.NonBlockingThreads;

import reactor.core.scheduler.Schedulers;

/** Tells the core of the threads on which Reactor refuses to block: its own, and Netty's. */
public final class ReactorThreads implements NonBlockingThreads {
    /** For the service loader. */
    public ReactorThreads() {}

    @Override
    public boolean contains(Thread thread) {
        return Schedulers.isNonBlockingThread(thread);
    }
}
