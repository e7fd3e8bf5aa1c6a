package dev.rondo.internal.loop;

import dev.rondo.Outcome;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What has failed in one scope. The first failure is thrown, the others are suppressed in it, or,
 * if that cannot be, reported.
 */
final class ScopeFailures {
    /*
     * An exception that a task got from what it awaited may be others' as well: their log must not tell
     * of this scope, and one that lives long must not grow. It is thrown as it is. One that a task's own
     * code has thrown may be a constant still, hence the bound.
     */
    private static final int MOST_SUPPRESSED = 100;

    private final SuspendingTask<?> parent;
    private final String scope;
    private final List<Throwable> failures = new ArrayList<>(1);
    private final IdentityHashMap<Throwable, SuspendingTask<?>> tasks = new IdentityHashMap<>(1);
    private boolean firstIsOthers;

    /**
     * @param scope what the parent has made, for a report
     */
    ScopeFailures(SuspendingTask<?> parent, String scope) {
        this.parent = parent;
        this.scope = scope;
    }

    /** Adds a failure of the task's code; once, though the body may throw what a child has. */
    void add(Throwable failure, SuspendingTask<?> task) {
        if (tasks.containsKey(failure) || tasks.containsKey(Outcome.unwrap(failure))) {
            return;
        }
        if (failures.isEmpty()) {
            firstIsOthers = task.wasGiven(failure);
        }
        failures.add(failure);
        tasks.put(failure, task);
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }

    /** The first, to be thrown; the others are told to whoever looks there. */
    RuntimeException toThrow() {
        Throwable first = failures.getFirst();
        List<Throwable> others = failures.subList(1, failures.size());
        if (!others.isEmpty()) {
            Set<Throwable> suppressed = suppressedIn(first);
            if (!firstIsOthers) {
                others.stream()
                        .filter(other -> !suppressed.contains(other))
                        .limit(Math.max(0, MOST_SUPPRESSED - suppressed.size()))
                        .forEach(first::addSuppressed);
            }
            Set<Throwable> told = suppressedIn(first);
            others.stream().filter(other -> !told.contains(other)).forEach(this::report);
        }
        return Failure.of(first).toThrow();
    }

    /** Tells the loop's error handler of all. */
    void reportAll() {
        failures.forEach(this::report);
    }

    private void report(Throwable failure) {
        SuspendingTask<?> task = tasks.get(failure);
        parent.loop.report(
                "A failure that nobody is thrown, in " + scope + " of " + parent.label(),
                failure,
                task,
                task == null ? null : task.origin());
    }

    private static Set<Throwable> suppressedIn(Throwable failure) {
        Set<Throwable> suppressed = Collections.newSetFromMap(new IdentityHashMap<>());
        Collections.addAll(suppressed, failure.getSuppressed());
        return suppressed;
    }
}
