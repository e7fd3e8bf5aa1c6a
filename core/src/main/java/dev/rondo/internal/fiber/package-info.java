/**
 * How a coroutine is suspended and resumed; not exported. A {@link dev.rondo.internal.fiber.Fiber}
 * is one coroutine's virtual thread; {@link dev.rondo.internal.fiber.FiberKind} chooses between the
 * two kinds there are. Knows no task, no promise and no queue.
 */
@NullMarked
package dev.rondo.internal.fiber;

import org.jspecify.annotations.NullMarked;
