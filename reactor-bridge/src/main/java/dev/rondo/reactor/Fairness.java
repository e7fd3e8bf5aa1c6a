package dev.rondo.reactor;

/** How long a stream that is always ready may go on before others have their turn. */
final class Fairness {
    /**
     * Elements without a suspension. Then the coroutine gives way if anything else is ready, sent
     * or due; to look for that costs some 30 ns, which is lost among so many.
     */
    static final int MOST = 256;

    private Fairness() {}
}
