package dev.rondo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The results as a table, as JSON and as pictures. */
final class Report {
    private static final List<String> PEERS =
            List.of("rondo", "hosted", "handoff", "kotlin", "reactor", "jdk", "limit", "asyncio");

    private final Map<String, Map<String, Result>> rows = new LinkedHashMap<>();
    private final List<Result> results;
    private final String mode;

    Report(List<Result> results, String mode) {
        this.results = results;
        this.mode = mode;
        for (Result result : results) {
            rows.computeIfAbsent(result.row(), row -> new LinkedHashMap<>())
                    .put(result.peer(), result);
        }
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("RESULTS.md"), page());
        Files.writeString(
                folder.resolve("results.json"),
                results.stream()
                        .map(Result::toJson)
                        .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
        Files.writeString(folder.resolve("results.svg"), new Chart(rows).bars());
        if (hasGrowth()) {
            Files.writeString(folder.resolve("growth.svg"), new Chart(rows).growth());
        }
    }

    private String page() {
        return """
        # Results

        Made by `mvn -q -Pbenchmarks -Dmode=%s`: medians for one operation, and Rondo's ratio to each peer in the same run of the row.
        Below 1 Rondo is faster, above 1 the peer is; for throughput it is the other way round.

        * Machine: %s, %d processors
        * JDK: %s %s
        * Rondo mounted (`--add-opens=java.base/java.lang=ALL-UNNAMED`); `handoff` is Rondo without the flag, `hosted` a loop on each of Netty's threads.
        * `kotlin` is kotlinx-coroutines on one thread of a Reactor scheduler, `reactor` plain Reactor on one, `jdk` virtual threads on the
          JDK's own scheduler, `limit` virtual threads on a bare scheduler of one thread, which is what a loop could cost at least.
        * Heaps are committed and touched before (1 GiB; 6 for the millions, 3 of it young), G1 collects. [PROFILES.md](PROFILES.md) tells where the time goes.

        ![Ratios](results.svg)

        %s
        ## Where a peer wins

        %s%s\
        """
                .formatted(
                        mode,
                        machine(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.vm.name"),
                        Runtime.version(),
                        table(),
                        wins(),
                        hasGrowth() ? growth() : "");
    }

    /** Only the full mode measures it. */
    private boolean hasGrowth() {
        return rows.containsKey("Growth 10 tasks");
    }

    private static String machine() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** Rows without the growth. */
    String table() {
        StringBuilder text = new StringBuilder("| row | unit |");
        PEERS.forEach(peer -> text.append(' ').append(peer).append(" |"));
        text.append("\n|---|---|").append("--:|".repeat(PEERS.size())).append('\n');
        rows.forEach((row, of) -> {
            if (!row.startsWith("Growth")) {
                text.append("| ").append(row).append(" | ");
                text.append(of.values().iterator().next().unit()).append(" |");
                for (String peer : PEERS) {
                    text.append(' ').append(cell(of, peer)).append(" |");
                }
                text.append('\n');
            }
        });
        return text.toString();
    }

    private static String cell(Map<String, Result> row, String peer) {
        Result result = row.get(peer);
        if (result == null) {
            return "";
        }
        Result rondo = row.get("rondo");
        String value = number(result.value());
        return rondo == null || peer.equals("rondo")
                ? value
                : value + " (" + number(rondo.value() / result.value()) + "x)";
    }

    private static String number(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private String wins() {
        List<String> sentences = new ArrayList<>();
        rows.forEach((row, of) -> {
            Result rondo = of.get("rondo");
            for (String peer : List.of("kotlin", "reactor", "jdk", "asyncio")) {
                Result other = of.get(peer);
                if (rondo != null && other != null) {
                    double ratio = rondo.value() / other.value();
                    boolean more = row.endsWith("throughput");
                    if (more ? ratio < 0.95 : ratio > 1.05) {
                        sentences.add(
                                String.format(
                                        Locale.ROOT,
                                        "* %s: %s needs %s %s, Rondo %s.",
                                        row,
                                        peer,
                                        number(other.value()),
                                        other.unit(),
                                        number(rondo.value())));
                    }
                }
            }
        });
        return sentences.isEmpty() ? "Nowhere.\n" : String.join("\n", sentences) + "\n";
    }

    private String growth() {
        StringBuilder text =
                new StringBuilder(
                        """

                        ## Growth

                        The cost of one task (made, run, gathered) and of one timer (set, cancelled) among so many:

                        ![Growth](growth.svg)

                        | number | task, ns | timer, ns |
                        |--:|--:|--:|
                        """);
        for (int size = 10; size <= 1_000_000; size *= 10) {
            Map<String, Result> tasks = rows.get("Growth " + size + " tasks");
            Map<String, Result> timers = rows.get("Growth " + size + " timers");
            if (tasks != null && timers != null) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "| %d | %s | %s |%n",
                                size,
                                number(tasks.get("rondo").value()),
                                number(timers.get("rondo").value())));
            }
        }
        return text.toString();
    }
}
