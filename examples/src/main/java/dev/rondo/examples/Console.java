package dev.rondo.examples;

import static dev.rondo.Async.currentLoop;

import dev.rondo.EventLoop;

import java.util.Locale;

/** Prints with the loop's time, so that one sees what overlaps. */
final class Console {
    private final EventLoop loop;
    private final long start;

    Console() {
        this(currentLoop());
    }

    Console(EventLoop loop) {
        this.loop = loop;
        start = loop.time();
    }

    void print(String text) {
        double seconds = (loop.time() - start) / 1e9;
        System.out.println(String.format(Locale.ROOT, "%5.2f s  %s", seconds, text));
    }
}
