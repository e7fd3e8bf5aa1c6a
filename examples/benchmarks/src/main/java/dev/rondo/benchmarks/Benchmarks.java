package dev.rondo.benchmarks;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs every row and writes the results: {@code mvn -q -Pbenchmarks}, with {@code -Dmode=full} for
 * more and longer runs, and {@code -Drows=REGEX} for some rows only (then nothing is written but to
 * the console).
 */
public final class Benchmarks {
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final List<String> MOUNTED = List.of(OPEN, "-Ddev.rondo.fiber=mounted");
    private static final List<String> HANDOFF = List.of("-Ddev.rondo.fiber=handoff");
    private static final String HEAP = "-Xmx6g";

    private final boolean full;
    private final Pattern rows;
    private final List<Result> results = new ArrayList<>();

    private Benchmarks(boolean full, Pattern rows) {
        this.full = full;
        this.rows = rows;
    }

    public static void main(String[] args) throws Exception {
        Benchmarks benchmarks = new Benchmarks(args[0].equals("full"), Pattern.compile(args[1]));
        benchmarks.runAll();
        Report report = new Report(benchmarks.results, args[0]);
        System.out.println(report.table());
        if (args[1].equals(".*")) {
            report.write(Path.of("."));
        }
    }

    private void runAll() throws Exception {
        // Everybody, Rondo mounted; then Rondo once more, handed over.
        String growth = full ? "|tasks|timers" : "";
        jmh("(rondo|kotlin|reactor|jdk|limit" + growth + ")", "rondo", MOUNTED);
        jmh("rondo", "handoff", HANDOFF);
        heapPerSleeper();
        results.addAll(new Asyncio(rows).run());
        results.addAll(new Http(rows, full).run());
    }

    private void jmh(String peers, String rondo, List<String> flags) throws RunnerException {
        // One call of these takes a second and more.
        String slow = "Sleepers";
        if (rows.matcher(slow).find()) {
            run(options(slow, peers, flags, full ? 5 : 2).build(), rondo);
        }
        try {
            ChainedOptionsBuilder others = options(rows.pattern(), peers, flags, full ? 7 : 3);
            run(others.exclude("\\." + slow + "\\.").build(), rondo);
        } catch (NoBenchmarksException e) {
            // A row that is not measured by JMH.
        }
    }

    private ChainedOptionsBuilder options(
            String row, String peers, List<String> flags, int iterations) {
        return new OptionsBuilder()
                .include("\\." + row + "\\." + peers + "$")
                .verbosity(VerboseMode.SILENT)
                .jvmArgs(flags.toArray(String[]::new))
                .jvmArgsAppend(HEAP, "--sun-misc-unsafe-memory-access=allow")
                .forks(full ? 3 : 1)
                .warmupIterations(iterations)
                .warmupTime(TimeValue.milliseconds(full ? 1000 : 150))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(full ? 1000 : 150));
    }

    private void run(Options options, String rondo) throws RunnerException {
        for (RunResult result : new Runner(options).run()) {
            add(result, rondo);
        }
    }

    private void add(RunResult result, String rondo) {
        String[] name = result.getParams().getBenchmark().split("\\.");
        String row = name[name.length - 2];
        String peer = name[name.length - 1];
        for (String param : result.getParams().getParamsKeys()) {
            row += " " + result.getParams().getParam(param);
        }
        if (row.startsWith("Growth")) {
            row += " " + peer;
            peer = "rondo";
        }
        double median = result.getPrimaryResult().getStatistics().getPercentile(50);
        Result one = new Result(row, peer.equals("rondo") ? rondo : peer, median, "ns");
        results.add(one);
        System.err.printf("%-28s %-8s %12.1f ns%n", one.row(), one.peer(), median);
    }

    private void heapPerSleeper() throws IOException, InterruptedException {
        if (!rows.matcher("Sleepers").find()) {
            return;
        }
        for (String peer : List.of("rondo", "handoff", "kotlin", "jdk")) {
            List<String> flags = new ArrayList<>(List.of(HEAP));
            if (peer.equals("handoff")) {
                flags.add("-Ddev.rondo.fiber=handoff");
            } else {
                flags.add(OPEN);
            }
            String who = peer.equals("handoff") ? "rondo" : peer;
            String bytes = Jvm.output(flags, HeapPerSleeper.class, who);
            results.add(new Result("Sleepers heap", peer, Double.parseDouble(bytes), "bytes"));
        }
    }
}
