package dev.rondo.examples;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;

import dev.rondo.Task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Reads the lines of a file, or of standard input, and handles each in a coroutine of its own,
 * which takes a random while.
 *
 * <p>Notice: the lines are printed as they are done, and then, from the gathered results, in the
 * order of the input. However many there are, they take no longer than the slowest.
 */
final class Echo {
    private Echo() {}

    static void main(List<String> args) throws IOException {
        List<String> lines;
        try {
            lines = args.isEmpty() ? readInput() : Files.readAllLines(Path.of(args.getFirst()));
        } catch (NoSuchFileException e) {
            System.err.println("echo: there is no file " + e.getFile());
            System.exit(2);
            return;
        }
        run(() -> echo(lines));
    }

    private static List<String> readInput() {
        var input = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        return new BufferedReader(input).lines().toList();
    }

    private static void echo(List<String> lines) {
        Console console = new Console();
        Random random = new Random();
        List<Task<String>> tasks = new ArrayList<>();
        for (String line : lines) {
            tasks.add(
                    createTask(() -> {
                        sleep(Duration.ofMillis(random.nextInt(1000)));
                        console.print("done: " + line);
                        return line;
                    }));
        }
        List<String> inOrder = gather(tasks).await();
        console.print("all " + inOrder.size() + " in the order of the input:");
        inOrder.forEach(line -> System.out.println("         " + line));
    }
}
