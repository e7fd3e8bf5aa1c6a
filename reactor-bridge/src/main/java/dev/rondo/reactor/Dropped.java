package dev.rondo.reactor;

import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Errors that no subscriber takes any more, on their way to Reactor's hook. */
final class Dropped {
    private Dropped() {}

    /** Never throws: if the hook does, both errors go where failures of tasks go. */
    static void error(Throwable failure, Context context) {
        try {
            Operators.onErrorDropped(failure, context);
        } catch (Throwable ofHook) {
            TaskErrors.report(
                    Exceptions.unwrap(ofHook) == failure
                            ? failure
                            : Exceptions.multiple(failure, ofHook));
        }
    }
}
