/**
 * The loop with its tasks; not exported. Its doors, which the public package calls, are {@link
 * dev.rondo.internal.loop.Loop} and {@link dev.rondo.internal.loop.LoopBuilder}, {@link
 * dev.rondo.internal.loop.Tasks} for what {@code Async} says, {@link dev.rondo.internal.loop.Scope}
 * and {@link dev.rondo.internal.loop.Variable}. At its heart a {@code LoopCore} is what a task
 * knows of its loop, a {@code LoopFuture} what ends once and has waiters, and a {@code
 * CoroutineTask} a coroutine that runs. {@code LoopLife} begins a loop, runs its passes and ends
 * it.
 */
@NullMarked
package dev.rondo.internal.loop;

import org.jspecify.annotations.NullMarked;
