package dev.rondo.reactor;

import dev.rondo.EventLoop;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound, where it is installed, that code on a loop's thread must not block, and that
 * the loop's own waiting is no blocking call. BlockHound finds it by itself.
 */
public final class RondoBlockHoundIntegration implements BlockHoundIntegration {
    /** Used by BlockHound. */
    public RondoBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.nonBlockingThreadPredicate(others -> others.or(EventLoop::isLoopThread))
                // Between passes, when there is nothing to do.
                .allowBlockingCallsInside("dev.rondo.internal.queue.ThreadDriver", "sleep")
                // While the loop waits for its coroutine: nobody else could go on.
                .allowBlockingCallsInside(
                        "dev.rondo.internal.fiber.MountedFiber", "awaitSubmission")
                .allowBlockingCallsInside("dev.rondo.internal.fiber.HandoffFiber", "resume")
                .allowBlockingCallsInside("dev.rondo.internal.fiber.HandoffFiber", "suspend");
    }
}
