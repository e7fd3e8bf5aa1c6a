package dev.rondo.internal.loop;

import dev.rondo.internal.queue.Driver;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What a loop does pass by pass: it runs what is there, until it is shut down, or cannot go on. On
 * the loop's thread, between two turns.
 */
final class Passes implements Driver.Work {
    private static final int MOST_FAILED_PASSES = 3;
    private static final int MOST_LAST_TURNS = 100_000;
    private static final long UNTIL_MEMORY_IS_BACK = 10_000_000;

    private final LoopCore loop;
    private @Nullable Shutdown shutdown;
    private int failedPasses;
    private @Nullable Throwable deadly;

    Passes(LoopCore loop) {
        this.loop = loop;
    }

    @Override
    public long pass() {
        try {
            if (deadly != null) {
                return die(deadly);
            }
            loop.queue.runPass();
            loop.callbackScope.set(null);
            Shutdown end = shutdown;
            long idle = end == null ? loop.queue.idleTime() : end.afterPass();
            failedPasses = 0;
            if (end != null && idle == Driver.FINISHED) {
                finish(end);
            }
            return idle;
        } catch (Throwable e) {
            // Not a callback or a task: these report their own. The clock, or no memory is left.
            loop.report("Exception in the loop itself", e);
            if (e instanceof OutOfMemoryError) {
                return UNTIL_MEMORY_IS_BACK;
            }
            if (deadly != null) {
                loop.life.died(deadly);
                return Driver.FINISHED;
            }
            if (++failedPasses == MOST_FAILED_PASSES) {
                deadly = e;
            }
            return 0;
        }
    }

    @Override
    public boolean hasMail() {
        return !loop.queue.inbox.isEmpty();
    }

    /** The end begins; on the loop, or before it runs. */
    void shutDown(boolean forGood) {
        loop.life.refuseWork();
        if (shutdown == null && deadly == null) {
            loop.life.isEnding = true;
            shutdown = new Shutdown(loop, forGood);
        }
    }

    /** The last pass has run. From here another thread may begin the next run. */
    private void finish(Shutdown end) {
        shutdown = null;
        loop.life.isEnding = false;
        loop.life.isOver = false;
        loop.life.finish(end.isForGood());
    }

    /**
     * The loop cannot go on: without time, its tasks are cancelled, and whoever waits for one is
     * told. If memory runs out meanwhile, this is called again.
     */
    private long die(Throwable cause) {
        loop.queue.inbox.close(loop.ready::add);
        cancelAll();
        loop.queue.runReady(MOST_LAST_TURNS);
        abandonAll(cause);
        loop.queue.runReady(MOST_LAST_TURNS);
        loop.ready.clear();
        loop.life.died(cause);
        return Driver.FINISHED;
    }

    @Override
    public void abandon(Throwable cause) {
        loop.report("There is no thread any more for " + loop, cause);
        loop.life.abandonedFor = cause;
        loop.queue.inbox.close(loop.ready::add);
        abandonAll(cause);
        cancelAll();
        loop.queue.runReady(MOST_LAST_TURNS);
        loop.ready.clear();
        loop.life.died(cause);
    }

    /** Asks all that is pending for its end. */
    private void cancelAll() {
        List<LoopFuture<?>> pending = new ArrayList<>(loop.tasks.toList());
        pending.addAll(loop.threads);
        pending.addAll(loop.sources);
        CancelWalk walk = new CancelWalk(loop, CancelRequest.of(loop, "the loop has failed"));
        pending.forEach(walk::ask);
    }

    /** Ends the tasks that have not heard a request to cancel, without their coroutines. */
    private void abandonAll(Throwable cause) {
        List<SuspendingTask<?>> left = loop.tasks.toList();
        if (!left.isEmpty()) {
            loop.report(
                    left.getFirst().label()
                            + (left.size() == 1 ? "" : " and " + (left.size() - 1) + " more tasks")
                            + " will not run on, and clean nothing up",
                    cause);
        }
        for (SuspendingTask<?> task : left) {
            task.abandon(loop.life.failed(cause));
        }
    }
}
