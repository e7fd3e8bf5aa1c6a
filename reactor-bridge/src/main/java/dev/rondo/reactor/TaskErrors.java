package dev.rondo.reactor;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where failures of tasks go: to Reactor's handler, as those of its own schedulers. */
final class TaskErrors {
    /*
     * Schedulers.handleError is not public. A scheduler on an executor that runs in place calls it, on
     * this thread, with what its task throws.
     */
    private static final Scheduler REPORTER = Schedulers.fromExecutor(Runnable::run);

    private TaskErrors() {}

    static void report(Throwable failure) {
        REPORTER.schedule(() -> TaskErrors.<RuntimeException>rethrow(failure));
    }

    @SuppressWarnings("unchecked") // a checked one is thrown as if it were not
    private static <E extends Throwable> void rethrow(Throwable failure) throws E {
        throw (E) failure;
    }
}
