package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.shielded;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.taskGroup;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A server-like main that runs until it is stopped: press Ctrl-C, or send it SIGTERM.
 *
 * <p>Notice: the signal is a cancellation of main. It comes out of the await where main stands, so
 * clean-up is an ordinary {@code finally}; the JVM waits for it, ten seconds at most. What must be
 * finished is shielded, with a bound of its own.
 */
final class Graceful {
    private Graceful() {}

    static void main(List<String> args) {
        try {
            run(() -> {
                Console console = new Console();
                console.print("serving; press Ctrl-C");
                try {
                    taskGroup(server -> {
                        server.createTask("ticker", () -> tick(console));
                    });
                } finally {
                    shielded(
                            ofSeconds(5),
                            () -> {
                                console.print("saving what is in hand");
                                sleep(ofMillis(300));
                                console.print("saved");
                            });
                }
            });
        } catch (CancellationException e) {
            System.out.println("stopped: " + e.getMessage());
        }
    }

    private static void tick(Console console) {
        try {
            for (int i = 1; ; i++) {
                sleep(ofSeconds(1));
                console.print("tick " + i);
            }
        } finally {
            console.print("the ticker stops");
        }
    }
}
