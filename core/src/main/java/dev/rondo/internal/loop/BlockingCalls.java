package dev.rondo.internal.loop;

import dev.rondo.NonBlockingThreads;

import java.lang.System.Logger.Level;
import java.util.List;

/** Refuses to block where that would hold up what others run. */
final class BlockingCalls {
    private static final List<NonBlockingThreads> OTHERS =
            Services.load(NonBlockingThreads.class, "its threads can be blocked");

    private BlockingCalls() {}

    /**
     * @param what the call that blocks
     * @param instead what to do in its place
     */
    static void check(String what, String instead) {
        Thread thread = Thread.currentThread();
        for (NonBlockingThreads threads : OTHERS) {
            if (contains(threads, thread)) {
                throw new IllegalStateException(
                        what
                                + " blocks, which is not supported in thread "
                                + thread.getName()
                                + "; "
                                + instead);
            }
        }
    }

    private static boolean contains(NonBlockingThreads threads, Thread thread) {
        try {
            return threads.contains(thread);
        } catch (Throwable e) {
            ErrorReports.log(Level.WARNING, threads + " failed; the thread may be blocked", e);
            return false;
        }
    }
}
