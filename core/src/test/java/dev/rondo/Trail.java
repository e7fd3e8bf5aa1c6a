package dev.rondo;

import static dev.rondo.Async.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** What a test writes down, and a task that writes down that it is cancelled. */
abstract class Trail {
    final List<Object> trail = new ArrayList<>();

    void sleeping(String name) {
        try {
            sleep(Duration.ofHours(1));
        } catch (CancellationException e) {
            trail.add(name);
            throw e;
        }
    }
}
