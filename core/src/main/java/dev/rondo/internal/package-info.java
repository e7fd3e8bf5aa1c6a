/**
 * How coroutines are run, apart from what they mean; not exported.
 *
 * <p>A {@link dev.rondo.internal.Fiber} is one coroutine's virtual thread and knows how to suspend
 * and resume it; {@link dev.rondo.internal.FiberKind} chooses between the two ways there are. A
 * {@link dev.rondo.internal.Driver} runs a loop's passes and sleeps between them. An {@link
 * dev.rondo.internal.Inbox} brings work from other threads. None of them knows a task or a promise.
 */
@NullMarked
package dev.rondo.internal;

import org.jspecify.annotations.NullMarked;
