package dev.rondo;

/** A coroutine without a result: plain code that may wait. */
@FunctionalInterface
public interface Action {
    /**
     * Runs the code.
     *
     * @throws Exception whatever the code fails with
     */
    void run() throws Exception;
}
