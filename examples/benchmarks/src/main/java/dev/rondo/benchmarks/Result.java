package dev.rondo.benchmarks;

/**
 * One figure.
 *
 * @param row what was done
 * @param peer who did it
 * @param value the median
 * @param unit of the value
 */
record Result(String row, String peer, double value, String unit) {
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
