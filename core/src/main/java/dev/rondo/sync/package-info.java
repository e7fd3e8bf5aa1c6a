/**
 * What coroutines of one loop wait for each other with: asyncio's locks, events, conditions,
 * semaphores, barriers and queues.
 *
 * <p><b>Order.</b> Whoever waits first is served first, and nobody overtakes those who wait. What
 * is released goes to the first in the line at once, not to whoever comes by before it runs; so
 * nothing is lost or handed out twice when the one that was just served is cancelled: it passes on
 * what it got. An operation that need not wait does not suspend.
 *
 * <p><b>Whose.</b> A primitive belongs to the loop on which it is used first. On another loop, or
 * on a plain thread, its methods throw {@code IllegalStateException}; those that never suspend may
 * be called in a callback of the loop. When that loop has closed, and nobody has left it held, it
 * goes to the next loop that uses it, as it is: an event that is set, a queue with its items. On
 * its loop, {@code toString()} tells the state and who waits; elsewhere, whose it is.
 *
 * <p>The scoped forms, {@code with(() -> ...)}, release whatever becomes of the body. A body that
 * fails is thrown as by {@link dev.rondo.Coroutine#await}.
 *
 * <p>All of them are built on one {@link dev.rondo.sync.Line} of waiters.
 */
@NullMarked
package dev.rondo.sync;

import org.jspecify.annotations.NullMarked;
