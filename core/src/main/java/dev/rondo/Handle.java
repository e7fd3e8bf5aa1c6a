package dev.rondo;

/** A callback that the loop will run. */
public interface Handle {
    /**
     * Takes the callback back if it has not begun; else does nothing. From any thread; from the
     * loop's own it is certain that the callback does not run afterwards.
     */
    void cancel();
}
