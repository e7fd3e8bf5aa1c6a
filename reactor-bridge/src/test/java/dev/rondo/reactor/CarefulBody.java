package dev.rondo.reactor;

import static dev.rondo.Async.*;

import dev.rondo.Action;
import dev.rondo.reactor.Orders.Program;

import java.util.concurrent.CancellationException;

/** What is required of a coroutine of a program: one cancellation, and a whole clean-up. */
final class CarefulBody {
    private final Program program;
    private int begun;
    private int cleaned;
    int cancellations;

    /** Whether a cancellation has ended the clean-up: one after the work. */
    boolean cutShort;

    CarefulBody(Program program) {
        this.program = program;
    }

    /** In the coroutine. */
    void run(Action work, Action cleanUp) throws Exception {
        begun++;
        try {
            work.run();
        } catch (CancellationException e) {
            cancellations++;
            throw e;
        } finally {
            try {
                yieldNow();
                cleanUp.run();
                yieldNow();
            } catch (CancellationException e) {
                cancellations++;
                cutShort = true;
                throw e;
            } finally {
                cleaned++;
            }
        }
    }

    void checkEnded() {
        program.require(begun <= 1, "begun " + begun + " times");
        program.require(cleaned == begun, "begun " + begun + ", cleaned " + cleaned);
        program.require(cancellations <= 1, "cancelled " + cancellations + " times");
    }

    boolean hasBegun() {
        return begun > 0;
    }
}
