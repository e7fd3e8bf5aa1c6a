package dev.rondo.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows l and m: each peer's server under the load of wrk, where there is one. */
final class Http {
    private final boolean requests;
    private final boolean events;
    private final int rounds;
    private final List<String> peers;

    Http(Pattern rows, boolean full) {
        requests = rows.matcher("Http").find();
        events = rows.matcher("Sse").find();
        rounds = full ? 3 : 1;
        peers =
                full
                        ? List.of("rondo", "hosted", "handoff", "kotlin", "reactor")
                        : List.of("rondo", "hosted", "kotlin", "reactor");
    }

    List<Result> run() throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        if (!requests && !events) {
            return results;
        }
        try {
            new ProcessBuilder("wrk", "-v").start().waitFor();
        } catch (IOException e) {
            System.err.println("There is no wrk here: the rows of HTTP are left out.");
            return results;
        }
        // One after another, several times: what else the machine does then meets all of them.
        for (int round = 0; round < rounds; round++) {
            for (String peer : peers) {
                results.addAll(load(peer));
            }
        }
        return medians(results);
    }

    private static List<Result> medians(List<Result> results) {
        Map<String, List<Result>> same =
                results.stream()
                        .sorted(Comparator.comparingDouble(Result::value))
                        .collect(Collectors.groupingBy(result -> result.row() + result.peer()));
        return results.stream()
                .map(result -> same.get(result.row() + result.peer()))
                .map(values -> values.get(values.size() / 2))
                .distinct()
                .toList();
    }

    private List<Result> load(String peer) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        Process server = Jvm.start(peer, HttpPeer.class);
        try (BufferedReader out = server.inputReader()) {
            String url = "http://127.0.0.1:" + out.readLine();
            if (requests) {
                String output = load("Http", peer, server, url + "/", 1, results);
                results.add(new Result("Http p50", peer, millis(output, "50%"), "ms"));
                results.add(new Result("Http p99", peer, millis(output, "99%"), "ms"));
                output = load("HttpPlain", peer, server, url + "/plain", 1, results);
                results.add(new Result("HttpPlain p99", peer, millis(output, "99%"), "ms"));
                results.add(
                        new Result(
                                "HttpPlain p50 of one",
                                peer,
                                millis(wrk(1, url + "/plain"), "50%"),
                                "ms"));
            }
            if (events) {
                load("Sse", peer, server, url + "/events", HttpPeer.EVENTS, results);
            }
        } finally {
            server.destroy();
            server.waitFor();
        }
        return results;
    }

    /** The second time counts. */
    private static String load(
            String row, String peer, Process server, String url, int each, List<Result> results)
            throws IOException, InterruptedException {
        wrk(64, url);
        Duration before = cpu(server);
        String output = wrk(64, url);
        double used = cpu(server).minus(before).toNanos() / 1000.0;
        double number = each * number(output, "(\\d+) requests in");
        double rate = each * number(output, "Requests/sec: *([\\d.]+)");
        results.add(new Result(row + " throughput", peer, rate, "1/s"));
        results.add(new Result(row + " CPU", peer, used / number, "us"));
        return output;
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static String wrk(int connections, String url)
            throws IOException, InterruptedException {
        Process wrk =
                new ProcessBuilder("wrk", "-t1", "-c" + connections, "-d4s", "--latency", url)
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(
                        wrk.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        wrk.waitFor();
        return output;
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("wrk printed no " + pattern + ": " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static double millis(String text, String percentile) {
        Matcher matcher = Pattern.compile(" " + percentile + " +([\\d.]+)(us|ms|s)").matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("wrk printed no " + percentile + ": " + text);
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> value / 1000;
            case "s" -> value * 1000;
            default -> value;
        };
    }
}
