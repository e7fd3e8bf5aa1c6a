package dev.rondo.internal.loop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The tasks of a loop that are not done, in order of creation: the strong references that keep them
 * alive. A linked list through the tasks themselves.
 */
final class TaskList {
    private @Nullable SuspendingTask<?> oldest;
    private @Nullable SuspendingTask<?> newest;

    boolean isEmpty() {
        return oldest == null;
    }

    void add(SuspendingTask<?> task) {
        SuspendingTask<?> before = newest;
        task.olderTask = before;
        if (before == null) {
            oldest = task;
        } else {
            before.newerTask = task;
        }
        newest = task;
    }

    void remove(SuspendingTask<?> task) {
        SuspendingTask<?> older = task.olderTask;
        SuspendingTask<?> newer = task.newerTask;
        if (older == null) {
            oldest = newer;
        } else {
            older.newerTask = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.olderTask = older;
        }
        task.olderTask = null;
        task.newerTask = null;
    }

    List<SuspendingTask<?>> toList() {
        return toList(Integer.MAX_VALUE);
    }

    /** The oldest tasks; the watchdog calls this from outside, while the loop is stuck. */
    List<SuspendingTask<?>> toList(int most) {
        List<SuspendingTask<?>> tasks = new ArrayList<>();
        for (SuspendingTask<?> task = oldest;
                task != null && tasks.size() < most;
                task = task.newerTask) {
            tasks.add(task);
        }
        return tasks;
    }
}
