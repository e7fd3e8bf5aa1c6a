package dev.rondo.benchmarks;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs every row and writes the results: {@code mvn -q -Pbenchmarks}, with {@code -Dmode=full} for
 * more and longer runs, and {@code -Drows=REGEX} for some rows only. These are written to the
 * console; in the full mode they also take their old places in the results.
 */
public final class Benchmarks {
    /** Committed and touched before the first measurement: page faults are nobody's merit. */
    private static final List<String> HEAP = heap("1g");

    /** For a million of something: room for all of them in the young generation. */
    private static final List<String> BIG_HEAP = heap("6g", "-Xmn3g");

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
        System.out.println(new Report(benchmarks.results, args[0]).table());
        Path folder = Path.of(".");
        boolean all = args[1].equals(".*");
        if (!all && benchmarks.full) {
            benchmarks.keepOthers(Result.read(folder.resolve("results.json")));
        }
        if (all || benchmarks.full) {
            new Report(benchmarks.results, args[0]).write(folder);
        }
    }

    /** A row is of one run, with all its peers: what was measured now replaces all of the row. */
    private void keepOthers(List<Result> before) {
        Set<String> measured = results.stream().map(Result::row).collect(Collectors.toSet());
        results.addAll(
                0, before.stream().filter(result -> !measured.contains(result.row())).toList());
    }

    private static List<String> heap(String size, String... more) {
        List<String> flags = new ArrayList<>(List.of("-Xms" + size, "-Xmx" + size));
        flags.addAll(List.of(more));
        flags.add("-XX:+AlwaysPreTouch");
        // Where there are none it means nothing.
        flags.add("-XX:+IgnoreUnrecognizedVMOptions");
        flags.add("-XX:+UseTransparentHugePages");
        flags.add("--sun-misc-unsafe-memory-access=allow");
        return flags;
    }

    private void runAll() throws Exception {
        // Everybody, Rondo mounted; then Rondo once more, handed over.
        jmh("(rondo|kotlin|reactor|jdk|limit)", "rondo", Jvm.MOUNTED);
        jmh("rondo", "handoff", Jvm.HANDOFF);
        if (full && rows.matcher("Growth").find()) {
            run(jvm("Growth", "(tasks|timers)", Jvm.MOUNTED, BIG_HEAP), "rondo", "");
        }
        if (full && rows.matcher("Sleepers").find()) {
            // Where the garbage collector chooses the size of the young generation.
            String everybody = "(rondo|kotlin|jdk|limit)";
            run(jvm("Sleepers", everybody, Jvm.MOUNTED, heap("6g")), "rondo", ", G1 alone");
        }
        heapPerSleeper();
        results.addAll(new Asyncio(rows, full).run());
        results.addAll(new Http(rows, full).run());
    }

    private void jmh(String peers, String rondo, List<String> flags) throws RunnerException {
        for (String big : List.of("Sleepers", "GatherMillion")) {
            if (rows.matcher(big).find() && (full || flags == Jvm.MOUNTED)) {
                run(jvm(big, peers, flags, BIG_HEAP), rondo, "");
            }
        }
        ChainedOptionsBuilder others = jvm(rows.pattern(), peers, flags, HEAP);
        if (!full) {
            others.param("coroutines", "100").param("size", "1000");
            if (flags == Jvm.HANDOFF) {
                others.exclude("SuspendResumeMany");
            }
        }
        run(others.exclude("Growth|Sleepers|GatherMillion"), rondo, "");
    }

    private ChainedOptionsBuilder jvm(
            String row, String peers, List<String> flags, List<String> heap) {
        return new OptionsBuilder()
                .include("\\." + row + "\\." + peers + "$")
                .verbosity(VerboseMode.SILENT)
                .jvmArgs(flags.toArray(String[]::new))
                .jvmArgsAppend(heap.toArray(String[]::new))
                .forks(full ? 2 : 1)
                .warmupIterations(full ? 5 : 3)
                .warmupTime(TimeValue.milliseconds(full ? 400 : 150))
                .measurementIterations(full ? 4 : 3)
                .measurementTime(TimeValue.milliseconds(full ? 400 : 100));
    }

    private void run(ChainedOptionsBuilder options, String rondo, String how)
            throws RunnerException {
        try {
            for (RunResult result : new Runner(options.build()).run()) {
                add(result, rondo, how);
            }
        } catch (NoBenchmarksException e) {
            // A row that is not measured by JMH, or not here.
        }
    }

    private void add(RunResult result, String rondo, String how) {
        String[] name = result.getParams().getBenchmark().split("\\.");
        String row = name[name.length - 2];
        String peer = name[name.length - 1];
        for (String param : result.getParams().getParamsKeys()) {
            row += " " + result.getParams().getParam(param);
        }
        row += how;
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
        if (!rows.matcher("Sleepers heap").find()) {
            return;
        }
        for (String peer :
                full ? List.of("rondo", "handoff", "kotlin", "jdk") : List.of("rondo", "kotlin")) {
            String bytes = Jvm.output(peer, HeapPerSleeper.class, "-Xmx6g");
            results.add(new Result("Sleepers heap", peer, Double.parseDouble(bytes), "bytes"));
        }
    }
}
