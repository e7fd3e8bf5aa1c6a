package dev.rondo.examples;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;

import static java.time.Duration.ofSeconds;

import dev.rondo.Task;

import java.time.Duration;
import java.util.List;

/**
 * The same two waits, one after the other and then as two tasks.
 *
 * <p>Notice: awaiting a call runs it to its end, three seconds in all. Two tasks overlap: two
 * seconds in all, the longer of the two, and all on one loop.
 */
final class SayAfter {
    private SayAfter() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();

            console.print("one after the other:");
            sayAfter(console, ofSeconds(1), "hello");
            sayAfter(console, ofSeconds(2), "world");

            Console again = new Console();
            again.print("as two tasks:");
            Task<Void> hello = createTask(() -> sayAfter(again, ofSeconds(1), "hello"));
            Task<Void> world = createTask(() -> sayAfter(again, ofSeconds(2), "world"));
            hello.await();
            world.await();
            again.print("both are done");
        });
    }

    // Any method may wait: it need not be marked, and it returns what it says.
    private static void sayAfter(Console console, Duration delay, String what) {
        sleep(delay);
        console.print(what);
    }
}
