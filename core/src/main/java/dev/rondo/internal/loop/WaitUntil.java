package dev.rondo.internal.loop;

/** When waiting for several is over. */
public enum WaitUntil {
    /** All have ended. */
    ALL,
    /** One has ended. */
    FIRST,
    /** One has failed, or all have ended. */
    FIRST_FAILURE
}
