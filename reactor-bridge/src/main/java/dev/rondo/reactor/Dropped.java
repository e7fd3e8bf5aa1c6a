package dev.rondo.reactor;

import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What no subscriber takes any more, on its way to Reactor's hooks. Never throws. */
final class Dropped {
    private Dropped() {}

    /** If the hook throws, both errors go where failures of tasks go. */
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

    /** If the hook throws, that goes where failures of tasks go. */
    static void value(Object value, Context context) {
        try {
            Operators.onNextDropped(value, context);
        } catch (Throwable ofHook) {
            TaskErrors.report(ofHook);
        }
    }
}
