package dev.rondo;

/**
 * What becomes of a blocking call whose task is cancelled. Its awaiter is free at once either way.
 */
public enum OnCancel {
    /** Its thread is interrupted. */
    INTERRUPT,

    /** It is left alone; its result is dropped. */
    LEAVE
}
