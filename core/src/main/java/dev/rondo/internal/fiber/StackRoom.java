package dev.rondo.internal.fiber;

/**
 * Makes sure of some room on the stack before something that must not end halfway: the stack's end
 * is met here or not at all.
 */
public final class StackRoom {
    /*
     * Some 5 KB of frames, compiled or not: more than any of the JDK's ways to park or wake a thread
     * takes. The many arguments are what makes a compiled frame large; all are passed on the stack, and
     * none is used. It costs some 50 ns.
     */
    private static final int FRAMES = 8;

    private StackRoom() {}

    /** Throws StackOverflowError if there is little room left. */
    public static void ensure() {
        ensure(FRAMES);
    }

    /** As {@link #ensure}, for something that itself makes sure of room. */
    public static void ensureMuch() {
        ensure(4 * FRAMES);
    }

    private static void ensure(int frames) {
        if (probe(
                        frames, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                != frames) {
            throw new AssertionError();
        }
    }

    @SuppressWarnings("UnusedVariable") // they are there to take room
    private static int probe(
            int depth,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l,
            long m,
            long n,
            long o,
            long p,
            long q,
            long r,
            long s,
            long t,
            long u,
            long v,
            long w,
            long x,
            long y,
            long z,
            long aa,
            long ab,
            long ac,
            long ad,
            long ae,
            long af,
            long ag,
            long ah,
            long ai,
            long aj,
            long ak,
            long al,
            long am,
            long an) {
        return depth == 0
                ? 0
                : probe(
                                depth - 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                        + 1;
    }
}
