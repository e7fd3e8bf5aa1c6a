package dev.rondo.reactor;

import dev.rondo.Async;
import dev.rondo.Awaitable;
import dev.rondo.EventLoop;
import dev.rondo.Promise;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/**
 * What a coroutine has subscribed to, as the body knows it that the coroutine belongs to: a cancel
 * of the body's subscriber reaches it. Outside a body it is known to nobody.
 */
abstract class SourceInFlight {
    final EventLoop loop;
    private final @Nullable BodySubscription<?> body;

    /** Whose cancellation is this one's too; set before it is among the sources. */
    @Nullable Awaitable<?> owner;

    // The place in the list; SourcesInFlight writes it.
    @Nullable SourceInFlight older;
    @Nullable SourceInFlight newer;
    boolean isListed;

    SourceInFlight(EventLoop loop, @Nullable BodySubscription<?> body) {
        this.loop = loop;
        this.body = body;
    }

    /** The coroutine wants no more. From any thread; false if the end has come before. */
    abstract boolean cancel();

    abstract boolean isCancelled();

    /**
     * It was cancelled by somebody else: whoever waits for it is told, if nobody has. On the loop.
     */
    abstract void tellCancelled();

    /**
     * As {@link #join}, for the coroutine that calls.
     *
     * @throws CancellationException if it is to end: then nothing may be subscribed to
     */
    final void enter(Awaitable<?> owner) {
        join(owner);
        try {
            Async.checkCancelled();
        } catch (Throwable e) {
            leave();
            throw e;
        }
    }

    /**
     * Joins the sources in flight, whose subscriptions end with the body's; on the loop.
     *
     * @param owner the task that waits, or a promise that some task may wait for
     */
    final void join(Awaitable<?> owner) {
        this.owner = owner;
        if (body != null) {
            body.add(this);
        }
    }

    /** Leaves the sources in flight; on the loop. */
    final void leave() {
        if (body != null) {
            body.remove(this);
        }
    }

    /** Leaves them when the promise has ended. */
    final void leaveWith(Promise<?> result) {
        if (body != null) {
            if (result.isDone()) {
                leave();
            } else {
                result.onDone(done -> leave());
            }
        }
    }

    /** What the publisher has failed with is thrown at the coroutine. */
    final void noteFailure(Throwable failure) {
        if (body != null) {
            body.noteFailure(failure);
        }
    }

    /** Whether the subscriber for whom this works takes nothing more. */
    final boolean bodySubscriberIsGone() {
        return body != null && body.subscriberIsGone();
    }

    /** What the coroutine gets when this was cancelled for it: the request itself, if it waits. */
    final CancellationException cancellation() {
        if (body != null) {
            body.deliverCancel();
        }
        Async.checkCancelled();
        return new CancellationException("the subscription was cancelled with its task");
    }
}
