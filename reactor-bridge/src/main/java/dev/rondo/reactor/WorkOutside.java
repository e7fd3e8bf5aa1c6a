package dev.rondo.reactor;

import dev.rondo.EventLoop;
import dev.rondo.LoopClock;

import org.jspecify.annotations.Nullable;

import reactor.core.Scannable;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;

/**
 * What a publisher does outside a loop whose clock is virtual, as far as a scan of its operators
 * tells: time must not jump over it.
 */
final class WorkOutside {
    /** In real time, from the subscription and from each element: it may never come. */
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private WorkOutside() {}

    /** A hold of the loop's time if the publisher is seen to run elsewhere; else null. */
    static EventLoop.@Nullable Hold hold(EventLoop loop, Object source) {
        return loop.clock() != LoopClock.system() && runsElsewhere(loop, source)
                ? loop.holdTime(AT_MOST)
                : null;
    }

    static EventLoop.Hold again(EventLoop loop) {
        return loop.holdTime(AT_MOST);
    }

    private static boolean runsElsewhere(EventLoop loop, Object source) {
        Scannable first = Scannable.from(source);
        return isElsewhere(loop, first)
                || first.parents().anyMatch(operator -> isElsewhere(loop, operator));
    }

    private static boolean isElsewhere(EventLoop loop, Scannable operator) {
        Scannable scheduler = operator.scan(Scannable.Attr.RUN_ON);
        return scheduler != null
                && scheduler != (Object) Schedulers.immediate()
                && !(scheduler instanceof LoopScheduler own && own.isOf(loop));
    }
}
