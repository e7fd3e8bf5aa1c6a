package dev.rondo.examples;

import static dev.rondo.Async.run;
import static dev.rondo.Async.sleep;
import static dev.rondo.Async.toThread;
import static dev.rondo.reactor.ReactorBridge.flatMapSequentialAwait;
import static dev.rondo.reactor.ReactorBridge.flux;
import static dev.rondo.reactor.ReactorBridge.iterate;

import static java.time.Duration.ofMillis;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.rondo.reactor.ElementStream;
import dev.rondo.reactor.Emitter;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Weather readings, one JSON object a line, from a file or from the one that is shipped: parsed by
 * Reactor's operators, looked up by coroutines, added up in a for-loop.
 *
 * <p>Notice: the generator reads on only as fast as the for-loop takes, so a file of any size
 * passes through. The look-ups overlap, eight at a time, and their results keep the order of the
 * lines. A malformed line is reported with its number, and the rest goes on.
 */
final class Pipeline {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 64;
    private static final Map<String, String> PLACES =
            Map.of("B1", "Bergen", "B2", "Bergen", "S1", "Sevilla", "T1", "Tromsø");

    private record Line(int number, String text) {}

    private record Reading(
            @JsonProperty(required = true) String station,
            @JsonProperty(required = true) double celsius) {}

    private record Located(String place, double celsius) {}

    private int skipped;

    private Pipeline() {}

    static void main(List<String> args) throws IOException {
        try (InputStream input = open(args)) {
            run(() -> new Pipeline().add(input));
        } catch (NoSuchFileException e) {
            System.err.println("pipeline: there is no file " + e.getFile());
            System.exit(2);
        }
    }

    private static InputStream open(List<String> args) throws IOException {
        return args.isEmpty()
                ? Objects.requireNonNull(Pipeline.class.getResourceAsStream("readings.jsonl"))
                : Files.newInputStream(Path.of(args.getFirst()));
    }

    private void add(InputStream input) {
        Flux<Located> readings =
                lines(input)
                        .concatMap(this::parse)
                        .transform(flatMapSequentialAwait(8, Pipeline::locate));
        Map<String, DoubleSummaryStatistics> places = new TreeMap<>();
        try (ElementStream<Located> stream = iterate(readings)) {
            for (Located reading : stream) {
                places.computeIfAbsent(reading.place, place -> new DoubleSummaryStatistics())
                        .accept(reading.celsius);
            }
        }
        long total = 0;
        for (var entry : places.entrySet()) {
            DoubleSummaryStatistics all = entry.getValue();
            total += all.getCount();
            System.out.println(
                    String.format(
                            Locale.ROOT,
                            "%-8s %4d readings, mean %5.1f, highest %5.1f",
                            entry.getKey(),
                            all.getCount(),
                            all.getAverage(),
                            all.getMax()));
        }
        System.out.println(
                total
                        + " readings of "
                        + places.size()
                        + " places; "
                        + skipped
                        + " lines were skipped");
    }

    /** A generator: reading blocks, so it is done on another thread, some lines at a time. */
    private static Flux<Line> lines(InputStream input) {
        return flux((Emitter<Line> emitter) -> {
            var reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
            int number = 0;
            List<String> chunk;
            do {
                chunk = toThread(() -> readSome(reader)).await();
                for (String text : chunk) {
                    emitter.emit(new Line(++number, text));
                }
            } while (chunk.size() == CHUNK);
        });
    }

    private static List<String> readSome(BufferedReader reader) throws IOException {
        List<String> chunk = new ArrayList<>();
        while (chunk.size() < CHUNK) {
            String line = reader.readLine();
            if (line == null) {
                break;
            }
            chunk.add(line);
        }
        return chunk;
    }

    private Mono<Reading> parse(Line line) {
        try {
            return Mono.just(JSON.readValue(line.text, Reading.class));
        } catch (JsonProcessingException e) {
            skipped++;
            System.out.println("line " + line.number + " is skipped: " + e.getOriginalMessage());
            return Mono.empty();
        }
    }

    /** As a call to a service would. */
    private static Located locate(Reading reading) {
        sleep(ofMillis(2));
        return new Located(PLACES.getOrDefault(reading.station, "somewhere"), reading.celsius);
    }
}
