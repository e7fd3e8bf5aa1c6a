package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

/** A blocking call on a thread outside, as a task of the loop. */
abstract class BlockingCall<T extends @Nullable Object> extends LoopTask<T> {
    BlockingCall(LoopCore loop) {
        super(loop);
    }

    /** Whether the end of the run waits for the thread. */
    abstract boolean isWaitedFor();

    /** Whether no thread has begun it, and perhaps none ever will; from any thread. */
    abstract boolean isQueued();

    /** The thread while the call runs on it. */
    abstract @Nullable Thread thread();
}
