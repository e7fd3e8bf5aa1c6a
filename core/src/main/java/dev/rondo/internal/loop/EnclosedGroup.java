package dev.rondo.internal.loop;

import java.util.List;

/** A task group, as a request to cancel meets it. */
interface EnclosedGroup {
    /** Asks the children, once; on the loop. */
    void abort(CancelRequest request);

    /** Whoever calls this first asks the children. */
    boolean beginAbort();

    /** Whether the children have been asked. */
    boolean isAborting();

    /** Those that have not ended. */
    List<LoopTask<?>> children();
}
