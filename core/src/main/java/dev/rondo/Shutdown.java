package dev.rondo;

import dev.rondo.internal.Driver;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The end of a run, a step after each pass: what is left is cancelled in order of creation and
 * waited for, then what was born meanwhile, and so on until nothing is left; a last pass tells
 * those who waited. Tasks that clean-up code starts and awaits are let run: they are cancelled only
 * when all that was there before them has ended.
 */
final class Shutdown {
    private static final int MOST_LAST_PASSES = 10_000;
    private static final Duration STUBBORN_AFTER = Duration.ofSeconds(5);

    private final EventLoop loop;
    private final Passes passes;
    private final boolean forGood;
    private final Handle stubborn;
    private final List<CoroutineTask<?>> asked = new ArrayList<>();
    private int ended;
    private boolean inboxClosed;
    private int lastPasses;

    /**
     * @param forGood whether the loop closes, or may run again
     */
    Shutdown(EventLoop loop, Passes passes, boolean forGood) {
        this.loop = loop;
        this.passes = passes;
        this.forGood = forGood;
        stubborn = loop.callLater(STUBBORN_AFTER, this::reportStubborn);
    }

    /** Names what does not end, once. */
    private void reportStubborn() {
        for (CoroutineTask<?> task : loop.tasks.toList()) {
            report(task.label() + " has been cancelled and", task.thread());
        }
        for (ThreadTask<?> call : loop.threads) {
            if (call.isWaitedFor()) {
                report("A blocking call has been interrupted and", call.thread());
            }
        }
    }

    private void report(String what, @Nullable Thread thread) {
        Throwable where = new Throwable("where it is");
        if (thread != null) {
            where.setStackTrace(thread.getStackTrace());
        }
        ErrorReports.log(
                Level.WARNING,
                what
                        + " has not ended after "
                        + STUBBORN_AFTER.toSeconds()
                        + " s; the end of "
                        + loop
                        + " waits for it",
                where);
    }

    /** What to do after a pass, in the terms of {@link Driver.Passes#pass}. */
    long afterPass() {
        while (ended < asked.size() && asked.get(ended).isDone()) {
            ended++;
        }
        if (ended < asked.size()) {
            return passes.idleTime();
        }
        if (!loop.tasks.isEmpty()) {
            List<CoroutineTask<?>> left = loop.tasks.toList();
            asked.addAll(left);
            CancelRequest request = CancelRequest.of(loop, "the loop is shutting down");
            for (CoroutineTask<?> task : left) {
                // One that awaits it may have brought it the request already.
                if (!task.wasAsked(request)) {
                    cancel(task, request);
                }
            }
            lastPasses = 0;
            return 0;
        }
        cancel(loop.threads);
        cancel(loop.promiseTasks);
        if (loop.threads.stream().anyMatch(ThreadTask::isWaitedFor)) {
            return passes.idleTime();
        }
        if (forGood && !inboxClosed) {
            inboxClosed = true;
            passes.inbox.close(passes.ready::add);
            return 0;
        }
        // One that is told may be waited for itself; callbacks that only queue themselves must not
        // keep the loop alive.
        if (lastPasses++ == 0 || (passes.hasWaiters() && lastPasses < MOST_LAST_PASSES)) {
            return 0;
        }
        stubborn.cancel();
        asked.forEach(task -> task.reportUnseenFailure("failed while the loop was shutting down"));
        passes.finish(forGood);
        return Driver.FINISHED;
    }

    private void cancel(Collection<? extends LoopTask<?>> tasks) {
        for (LoopTask<?> task : List.copyOf(tasks)) {
            if (!task.isDone()) {
                cancel(task, CancelRequest.of(loop, "the loop is shutting down"));
            }
        }
    }

    private void cancel(LoopTask<?> task, CancelRequest request) {
        try {
            task.requestCancel(request);
        } catch (Throwable e) {
            loop.report("Exception while cancelling " + task.label(), e, null);
        }
    }
}
