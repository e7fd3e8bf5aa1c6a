package dev.rondo.internal.loop;

import dev.rondo.LoopClock;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ScheduledExecutorService;

/**
 * What is said of a loop when it is made.
 *
 * @param watchdogNanos after how long a blocked loop is reported; 0: never
 * @param shutdownNanos how long the JVM's shutdown is held up; 0: not at all
 * @param host whose thread runs the loop; null: one of its own
 */
record LoopSettings(
        String name,
        LoopClock clock,
        boolean debug,
        ErrorReports errors,
        long watchdogNanos,
        long shutdownNanos,
        @Nullable ScheduledExecutorService host) {}
