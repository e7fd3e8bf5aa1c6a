package dev.rondo;

import static dev.rondo.Async.*;

import static java.time.Duration.*;

/** What the tasks of a group do, and write down. */
abstract class GroupTrail extends Trail {
    final RuntimeException boom = new RuntimeException("boom");
    final RuntimeException bang = new RuntimeException("bang");

    void lingering(String name) {
        sleeping(name + " cancelled");
    }

    void slowToEnd(String name) {
        try {
            lingering(name);
        } finally {
            sleep(ofSeconds(3));
            trail.add(name + " ended");
        }
    }

    static void failAfter(int seconds, RuntimeException failure) {
        sleep(ofSeconds(seconds));
        throw failure;
    }
}
