package dev.rondo.reactor;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;

/** A user's task in the loop's queue. */
class ScheduledTask implements Runnable, Disposable {
    final Submissions submissions;

    /** Null once it has run or is cancelled: whoever keeps the Disposable keeps nothing else. */
    private volatile @Nullable Runnable action;

    ScheduledTask(Submissions submissions, Runnable action) {
        this.submissions = submissions;
        this.action = action;
    }

    @Override
    public void run() {
        try {
            runAction();
        } finally {
            end();
        }
    }

    /** Runs the action unless it is cancelled; false if it has failed. */
    final boolean runAction() {
        Runnable action = this.action;
        if (action != null && mayRun()) {
            try {
                action.run();
            } catch (Throwable e) {
                TaskErrors.report(e);
                return false;
            } finally {
                // An interrupt was the task's own affair: the next one must not find it.
                Thread.interrupted();
            }
        }
        return true;
    }

    /** Has ended, of itself or not. */
    void end() {
        action = null;
        submissions.leave();
    }

    /** False if it is not to run any more. */
    boolean mayRun() {
        return !isDisposed();
    }

    /** Takes the task back if it has not begun; one that runs is let run. */
    @Override
    public void dispose() {
        action = null;
    }

    @Override
    public boolean isDisposed() {
        return action == null || submissions.isCancelled();
    }
}
