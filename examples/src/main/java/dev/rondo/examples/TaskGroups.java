package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.taskGroup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A batch of jobs as a group: once all goes well, once a job fails.
 *
 * <p>Notice: after {@code taskGroup} nothing of the group runs any more. When a job fails, the
 * others are cancelled, clean up, and are waited for; then the failure comes out, with nothing
 * lost.
 */
final class TaskGroups {
    private TaskGroups() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();
            console.print("a batch that goes well:");
            batch(console, List.of("a", "b", "c"));
            console.print("all done; and one in which 'bad' fails:");
            try {
                batch(console, List.of("d", "bad", "e"));
            } catch (IllegalArgumentException e) {
                console.print("the batch failed: " + e.getMessage());
            }
        });
    }

    private static void batch(Console console, List<String> jobs) {
        List<String> results = new ArrayList<>();
        taskGroup(group -> {
            for (String job : jobs) {
                group.createTask(job, () -> results.add(work(console, job)));
            }
        });
        console.print("results: " + results);
    }

    private static String work(Console console, String job) {
        console.print("  " + job + " begins");
        try {
            sleep(Duration.ofMillis(job.equals("bad") ? 200 : 400));
        } catch (CancellationException e) {
            console.print("  " + job + " is cancelled: " + e.getMessage());
            sleep(Duration.ofMillis(100));
            console.print("  " + job + " has cleaned up");
            throw e;
        }
        if (job.equals("bad")) {
            throw new IllegalArgumentException("no such job: bad");
        }
        return job.toUpperCase(java.util.Locale.ROOT);
    }
}
