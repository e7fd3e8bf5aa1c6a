package dev.rondo.testsupport;

import dev.rondo.NonBlockingThreads;

/** Forbids nothing unless a test says so. */
public final class TestNonBlockingThreads implements NonBlockingThreads {
    /** The thread that must not block, or null. */
    public static volatile Thread only;

    /** Whether the question fails. */
    public static volatile boolean fails;

    @Override
    public boolean contains(Thread thread) {
        if (fails) {
            throw new IllegalStateException("I do not know");
        }
        return thread == only;
    }
}
