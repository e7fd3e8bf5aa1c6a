package dev.rondo;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * What has ended and what has not when waiting was over; both in the order given.
 *
 * @param done those that have ended in any way
 * @param pending those that have not; they go on
 */
public record Waited<T extends @Nullable Object>(Set<Task<T>> done, Set<Task<T>> pending) {}
