package dev.rondo;

/**
 * Threads of others that must not be blocked (Reactor's, Netty's): on them {@link EventLoop#run},
 * {@link EventLoop#close}, {@link Task#join} and all that is built of these is refused, as it is on
 * a loop's own. Implementations are found by {@link java.util.ServiceLoader}, once, with the class
 * loader of this interface.
 */
public interface NonBlockingThreads {
    /** Whether the thread is one of them; called on that thread. If it throws, the answer is no. */
    boolean contains(Thread thread);
}
