/**
 * What runs next, and the thread that runs it; not exported. A {@link
 * dev.rondo.internal.queue.RunQueue} holds what is ready, what other threads have sent and what is
 * not due yet, and runs it in passes; a {@link dev.rondo.internal.queue.Driver} runs the passes and
 * sleeps between them. Knows no task and no promise: to it, all are turns.
 */
@NullMarked
package dev.rondo.internal.queue;

import org.jspecify.annotations.NullMarked;
