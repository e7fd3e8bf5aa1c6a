package dev.rondo.examples;

import static dev.rondo.Async.currentLoop;

import java.util.Locale;

/** Prints with the loop's time, so that one sees what overlaps. */
final class Console {
    private final long start = currentLoop().time();

    void print(String text) {
        double seconds = (currentLoop().time() - start) / 1e9;
        System.out.println(String.format(Locale.ROOT, "%5.2f s  %s", seconds, text));
    }
}
