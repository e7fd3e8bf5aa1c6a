/**
 * asyncio's programming model for Java: one event loop, coroutines in plain code, tasks.
 *
 * <p>A {@link dev.rondo.Coroutine} is plain code that may wait. {@link dev.rondo.Async#run} runs
 * one on an {@link dev.rondo.EventLoop}; inside, {@link dev.rondo.Async#createTask} starts others
 * beside it, each a {@link dev.rondo.Task}, and {@code await()} waits for one without holding up
 * the rest. A {@link dev.rondo.Promise} is a result that somebody else will bring.
 *
 * <p><b>One thing at a time.</b> All coroutines and callbacks of a loop take turns. A turn ends
 * only where code suspends: in {@code await}, {@code sleep}, {@code yieldNow} and what is built on
 * them. The code between two suspensions is atomic for everything else on the loop, so state shared
 * by coroutines of one loop needs no lock. A coroutine that blocks otherwise stalls the loop, and
 * is reported.
 *
 * <p><b>Order.</b> The loop works in passes. A pass runs what was ready when it began, first come,
 * first served, then what other threads have sent, then the timers that are due, by due time and
 * those of one time in the order they were set. What a pass makes ready runs in the next one.
 * Nothing runs inside the call that makes it ready: completing a promise only queues its waiters.
 *
 * <p><b>Context.</b> A {@link dev.rondo.ContextVar} has a value of its own in every task; a new
 * task begins with its creator's. {@link dev.rondo.TaskLocals} carries other people's
 * thread-locals.
 *
 * <p><b>Failures.</b> {@code await()} rethrows what the awaited one failed with: a {@code
 * RuntimeException} or an {@code Error} is the same object for every waiter, a checked exception
 * comes as the cause of a {@link java.util.concurrent.CompletionException}. Cancellation is a
 * {@link java.util.concurrent.CancellationException}.
 */
@NullMarked
package dev.rondo;

import org.jspecify.annotations.NullMarked;
