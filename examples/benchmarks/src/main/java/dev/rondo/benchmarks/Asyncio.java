package dev.rondo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Two rows by Python's asyncio, where there is a python3. */
final class Asyncio {
    private static final String SCRIPT =
            """
            import asyncio, sys, time

            N = int(sys.argv[1])

            async def one():
                return 1

            async def nap():
                await asyncio.sleep(0.1)

            async def timed(make):
                began = time.perf_counter_ns()
                await asyncio.gather(*(make() for _ in range(N)))
                return (time.perf_counter_ns() - began) / N

            async def main():
                print("GatherMillion", await timed(one), sep="|")
                print("Sleepers", await timed(nap), sep="|")

            asyncio.run(main())
            """;

    private final Pattern rows;
    private final String number;

    Asyncio(Pattern rows, boolean full) {
        this.rows = rows;
        // A million takes it most of a minute, and a tenth is in its favour.
        number = full ? "1000000" : "100000";
    }

    List<Result> run() throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        if (!rows.matcher("GatherMillion").find() && !rows.matcher("Sleepers").find()) {
            return results;
        }
        Path script = Files.writeString(Files.createTempFile("asyncio", ".py"), SCRIPT);
        try {
            Process python = new ProcessBuilder("python3", script.toString(), number).start();
            python.inputReader()
                    .lines()
                    .map(line -> line.split("\\|"))
                    .filter(parts -> rows.matcher(parts[0]).find())
                    .forEach(parts ->
                            results.add(
                                    new Result(
                                            parts[0],
                                            "asyncio",
                                            Double.parseDouble(parts[1]),
                                            "ns")));
            python.waitFor();
        } catch (IOException e) {
            System.err.println("There is no python3 here: the rows of asyncio are left out.");
        } finally {
            Files.delete(script);
        }
        return results;
    }
}
