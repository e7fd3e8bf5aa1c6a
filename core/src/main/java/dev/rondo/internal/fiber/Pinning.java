package dev.rondo.internal.fiber;

import org.jspecify.annotations.Nullable;

/** Where a virtual thread cannot be unmounted, and so a coroutine not be suspended. */
final class Pinning {
    private Pinning() {}

    /** The frame that keeps the thread on its carrier, or null if none does. */
    static @Nullable StackTraceElement find(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getMethodName().equals("<clinit>")
                    || (frame.isNativeMethod() && !isOfVirtualThreads(frame))) {
                return frame;
            }
        }
        return null;
    }

    private static boolean isOfVirtualThreads(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.lang.VirtualThread")
                || frame.getClassName().startsWith("jdk.internal.");
    }

    static IllegalStateException refusal(StackTraceElement frame) {
        return new IllegalStateException(
                "A coroutine cannot be suspended under a class initializer or a native method, here"
                        + " "
                        + frame
                        + "; await before, and hand the result in");
    }
}
