package dev.rondo.examples;

import static dev.rondo.Async.createTask;
import static dev.rondo.Async.run;
import static dev.rondo.Async.shield;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.timeout;
import static dev.rondo.Async.waitFor;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.rondo.AsyncTimeoutException;
import dev.rondo.Task;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A slow service and a fast one, each given half a second, and a fallback.
 *
 * <p>Notice: the timeout comes when the service has cleaned up, not before: nothing of it runs on
 * behind your back. Only what is shielded does.
 */
final class Timeouts {
    private Timeouts() {}

    static void main(List<String> args) {
        run(() -> {
            Console console = new Console();

            console.print("fast: " + priceOrFallback(console, "fast", ofMillis(100)));
            console.print("slow: " + priceOrFallback(console, "slow", ofSeconds(2)));

            timeout(
                    ofSeconds(1),
                    deadline -> {
                        sleep(ofMillis(200));
                        deadline.reschedule(ofSeconds(3));
                        console.print("the deadline is moved while it runs");
                        sleep(ofSeconds(1));
                    });

            Task<Integer> slow = createTask(() -> price(console, "shielded", ofSeconds(1)));
            try {
                waitFor(ofMillis(300), shield(slow));
            } catch (AsyncTimeoutException e) {
                console.print("no patience left; but the shielded service goes on");
            }
            console.print("shielded: " + slow.await());
        });
    }

    private static int priceOrFallback(Console console, String service, Duration takes) {
        try {
            return timeout(ofMillis(500), () -> price(console, service, takes));
        } catch (AsyncTimeoutException e) {
            console.print("too late: " + e.getMessage());
            return -1;
        }
    }

    private static int price(Console console, String service, Duration takes) {
        try {
            sleep(takes);
            return 42;
        } catch (CancellationException e) {
            console.print("the " + service + " service is cancelled and cleans up");
            sleep(ofMillis(100));
            throw e;
        }
    }
}
