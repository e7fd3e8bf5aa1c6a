package dev.rondo;

import dev.rondo.internal.Driver;

import java.util.ArrayList;
import java.util.List;

/**
 * The end of a run, a step after each pass: what is left is cancelled in order of creation and
 * waited for, then what was born meanwhile, and so on until nothing is left; a last pass tells
 * those who waited. Tasks that clean-up code starts and awaits are let run: they are cancelled only
 * when all that was there before them has ended.
 */
final class Shutdown {
    private final EventLoop loop;
    private final Passes passes;
    private final boolean forGood;
    private final List<CoroutineTask<?>> asked = new ArrayList<>();
    private int ended;
    private boolean inboxClosed;
    private boolean lastPass;

    /**
     * @param forGood whether the loop closes, or may run again
     */
    Shutdown(EventLoop loop, Passes passes, boolean forGood) {
        this.loop = loop;
        this.passes = passes;
        this.forGood = forGood;
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
            left.forEach(task -> task.requestCancel("the loop is shutting down"));
            lastPass = false;
            return 0;
        }
        if (forGood && !inboxClosed) {
            inboxClosed = true;
            passes.inbox.close(passes.ready::add);
            return 0;
        }
        if (!lastPass) {
            lastPass = true;
            return 0;
        }
        asked.forEach(task -> task.reportUnseenFailure("failed while the loop was shutting down"));
        passes.finish(forGood);
        return Driver.FINISHED;
    }
}
