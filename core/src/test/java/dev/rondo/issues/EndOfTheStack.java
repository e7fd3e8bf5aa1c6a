package dev.rondo.issues;

import static org.assertj.core.api.Assertions.assertThat;

/** Attempts to call at the end of the stack, and then with more and more room, until it works. */
final class EndOfTheStack {
    private final Runnable call;
    int failed;
    private int skipped;

    EndOfTheStack(Runnable call) {
        this.call = call;
    }

    /** Whether it worked. */
    boolean down() {
        boolean done;
        try {
            done = down();
        } catch (StackOverflowError e) {
            done = false;
        }
        // Frame by frame at first, in greater steps afterwards.
        if (done || skipped-- > 0) {
            return done;
        }
        try {
            call.run();
            return true;
        } catch (StackOverflowError e) {
            failed++;
            skipped = failed / 20;
            return false;
        }
    }

    static void atTheEnd(Runnable call) {
        EndOfTheStack attempts = new EndOfTheStack(call);
        assertThat(attempts.down()).isTrue();
        assertThat(attempts.failed).isPositive();
    }
}
