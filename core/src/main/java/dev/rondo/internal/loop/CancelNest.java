package dev.rondo.internal.loop;

import java.util.ArrayDeque;

/** The cancels of a loop that are under way, each called by the one before, and those put off. */
final class CancelNest {
    final ArrayDeque<Runnable> putOff = new ArrayDeque<>();
    int depth;
}
