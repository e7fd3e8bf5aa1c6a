package dev.rondo;

import dev.rondo.internal.loop.StartedLoops;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Several loops that run side by side, for more than one core. A task never changes its loop: what
 * is single-threaded is each loop, and what several loops share needs a home on one of them ({@link
 * #of}) or the care that threads need.
 */
public sealed interface LoopGroup extends AutoCloseable permits StartedLoops {
    /**
     * Started loops with threads of their own, named {@code name-1} and so on.
     *
     * @throws IllegalArgumentException if there are to be none
     */
    static LoopGroup start(String name, int loops) {
        return StartedLoops.own(name, loops);
    }

    /**
     * A started loop on each of the hosts, as {@link EventLoop.Builder#host} says. A group of
     * Netty's event loops is such hosts: {@code LoopGroup.start("http", resources.onServer(true))}.
     *
     * @throws IllegalArgumentException if there are none, or one has several threads
     * @throws IllegalStateException if coroutines are not mounted
     * @throws java.util.concurrent.RejectedExecutionException if a host takes no tasks; then the
     *     loops of the others are closed
     */
    static LoopGroup start(String name, Iterable<? extends ScheduledExecutorService> hosts) {
        return StartedLoops.hosted(name, hosts);
    }

    /** One loop after another. From any thread. */
    EventLoop next();

    /**
     * The loop that the key belongs to: always the same for equal keys, so that what is kept for a
     * key (an account, a session) is touched by one thing at a time. From any thread.
     */
    EventLoop of(Object key);

    /** All of them, in their order. */
    List<EventLoop> loops();

    /**
     * Closes all, at the same time, and waits for their ends; as {@link EventLoop#close}.
     *
     * @throws IllegalStateException if called on a loop, in a coroutine, or on a thread of {@link
     *     NonBlockingThreads}
     */
    @Override
    void close();

    /** As {@link #close}, but without waiting. From any thread. */
    CompletableFuture<Void> closeAsync();
}
