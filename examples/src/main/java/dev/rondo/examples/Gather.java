package dev.rondo.examples;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.gather;
import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;

import dev.rondo.Task;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Three factorials at once, as coroutines and as tasks; and a gather nobody waits for.
 *
 * <p>Notice: the three take turns and end one after another, but the results come in the order of
 * the arguments. And {@code run} does not wait for what main has not awaited: it cancels it, lets
 * it clean up, and only then returns.
 */
final class Gather {
    private Gather() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();

            List<Integer> results =
                    gather(
                                    () -> factorial(console, "A", 2),
                                    () -> factorial(console, "B", 3),
                                    () -> factorial(console, "C", 4))
                            .await();
            console.print("given as coroutines: " + results);

            Task<Integer> five = createTask(() -> factorial(console, "D", 5));
            Task<Integer> one = createTask(() -> factorial(console, "E", 1));
            console.print("given as tasks: " + gather(five, one).await());

            gather(() -> factorial(console, "F", 60), () -> factorial(console, "G", 60));
            sleep(Duration.ofMillis(300));
            console.print("main returns without awaiting F and G");
        });
        System.out.println("run() is over, and so is everything it began.");
    }

    private static int factorial(Console console, String name, int number) {
        int product = 1;
        try {
            for (int i = 2; i <= number; i++) {
                console.print("task " + name + ": " + product + " x " + i);
                sleep(Duration.ofMillis(250));
                product *= i;
            }
        } catch (CancellationException e) {
            console.print("task " + name + " is cancelled: " + e.getMessage());
            throw e;
        }
        console.print("task " + name + ": factorial(" + number + ") = " + product);
        return product;
    }
}
