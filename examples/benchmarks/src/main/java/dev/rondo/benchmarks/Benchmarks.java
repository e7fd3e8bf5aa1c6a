package dev.rondo.benchmarks;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
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
        jmh("(rondo|kotlin|reactor|jdk|limit)", "rondo", OPEN, "-Ddev.rondo.fiber=mounted");
        jmh("rondo", "handoff", "-Ddev.rondo.fiber=handoff");
        jmh("(tasks|timers)", "rondo", OPEN, "-Ddev.rondo.fiber=mounted");
        heapPerSleeper();
        results.addAll(new Asyncio(rows).run());
        results.addAll(new Http(rows, full).run());
    }

    private void jmh(String peers, String rondo, String... jvmArgs) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include("\\." + rows.pattern() + "\\." + peers + "$")
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgs(jvmArgs)
                        .jvmArgsAppend(HEAP, "--sun-misc-unsafe-memory-access=allow")
                        .forks(full ? 3 : 1)
                        .warmupIterations(full ? 5 : 3)
                        .warmupTime(TimeValue.milliseconds(full ? 1000 : 200))
                        .measurementIterations(full ? 7 : 3)
                        .measurementTime(TimeValue.milliseconds(full ? 1000 : 200))
                        .build();
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
