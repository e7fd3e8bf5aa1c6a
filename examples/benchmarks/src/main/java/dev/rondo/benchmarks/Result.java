package dev.rondo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One figure.
 *
 * @param row what was done
 * @param peer who did it
 * @param value the median
 * @param unit of the value
 */
record Result(String row, String peer, double value, String unit) {
    private static final Pattern JSON =
            Pattern.compile(
                    "\\{\"row\": \"(.*)\", \"peer\": \"(.*)\", \"value\": (.*), \"unit\":"
                            + " \"(.*)\"}");

    /** Those in a file of {@link #toJson}, one in a line. */
    static List<Result> read(Path file) throws IOException {
        return JSON.matcher(Files.readString(file))
                .results()
                .map(match ->
                        new Result(
                                match.group(1),
                                match.group(2),
                                Double.parseDouble(match.group(3)),
                                match.group(4)))
                .toList();
    }

    String toJson() {
        return String.format(
                java.util.Locale.ROOT,
                "{\"row\": \"%s\", \"peer\": \"%s\", \"value\": %.2f, \"unit\": \"%s\"}",
                row,
                peer,
                value,
                unit);
    }
}
