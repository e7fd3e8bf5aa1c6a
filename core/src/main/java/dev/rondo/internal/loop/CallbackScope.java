package dev.rondo.internal.loop;

import dev.rondo.internal.queue.RunQueue;

import org.jspecify.annotations.Nullable;

/** The scope of code that has the turn outside of coroutines; on the loop's thread. */
final class CallbackScope {
    private final RunQueue queue;

    /** A callback's. */
    @Nullable Scope ofCallback;

    /** That of other code, a stage or a clock, say; for one beat. */
    private @Nullable Scope passing;

    private long passingBeat;

    CallbackScope(RunQueue queue) {
        this.queue = queue;
    }

    @Nullable Scope get() {
        return ofCallback == null && passingBeat == queue.beat() ? passing : ofCallback;
    }

    /** Of code that is no callback. */
    void set(@Nullable Scope scope) {
        passing = scope;
        passingBeat = queue.beat();
    }
}
