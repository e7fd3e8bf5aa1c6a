package dev.rondo.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Each sample as a user starts it: a program with arguments, input, output and a status. */
@Execution(ExecutionMode.CONCURRENT)
class ExamplesTest {
    private record Ended(int status, List<String> out, List<String> err) {
        /** What was printed after the time. */
        List<String> words() {
            return out.stream().map(line -> line.replaceFirst("^ *\\d+\\.\\d\\d s  ", "")).toList();
        }

        /**
         * What was printed as an error, but for the watchdog's word that a loop was held up: on a
         * loaded machine loading a class can take that long.
         */
        List<String> complaints() {
            return err.stream().anyMatch(line -> line.contains("makes no progress"))
                    ? List.of()
                    : err;
        }

        double secondsOf(String words) {
            String line = out.stream().filter(l -> l.endsWith(words)).findFirst().orElseThrow();
            return Double.parseDouble(line.strip().split(" ")[0]);
        }
    }

    @TempDir private Path folder;

    private Ended start(String input, String... args) throws IOException, InterruptedException {
        return end(begin(input, args));
    }

    private Process begin(String input, String... args) throws IOException {
        String fiber = System.getProperty("dev.rondo.fiber");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (fiber.equals("mounted")) {
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
        command.add("-Ddev.rondo.fiber=" + fiber);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Examples.class.getName());
        command.addAll(List.of(args));
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        return new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        int status = process.waitFor();
        return new Ended(
                status,
                Files.readAllLines(folder.resolve("out"), StandardCharsets.UTF_8),
                Files.readAllLines(folder.resolve("err"), StandardCharsets.UTF_8));
    }

    @Test
    void withoutAName_theyAreListed_aLineEach() throws Exception {
        Ended ended = start("");
        assertThat(ended.status).isZero();
        assertThat(ended.out)
                .extracting(line -> line.split(" ")[0])
                .containsExactly(
                        "hello",
                        "say-after",
                        "gather",
                        "echo",
                        "timeouts",
                        "task-group",
                        "producer-consumer",
                        "rate-limit",
                        "mono-interop",
                        "webclient",
                        "pipeline",
                        "sse",
                        "hosted",
                        "scheduler",
                        "graceful");
    }

    @Test
    void anUnknownName_isOneClearLine_andStatus2() throws Exception {
        Ended ended = start("", "hell");
        assertThat(ended.status).isEqualTo(2);
        assertThat(ended.err).containsExactly("There is no sample 'hell'. There are:");
    }

    @Test
    void hello() throws Exception {
        Ended ended = start("", "hello");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .containsExactly(
                        "The coroutine is made; nothing has run yet.",
                        "hello",
                        "world",
                        "the end",
                        "run() gives what the coroutine returned.");
        assertThat(ended.secondsOf("world")).isBetween(1.0, 2.5);
        assertThat(ended.secondsOf("the end")).isBetween(3.0, 4.5);
    }

    @Test
    void sayAfter_takesTwoSecondsAsTwoTasks() throws Exception {
        Ended ended = start("", "say-after");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .containsExactly(
                        "one after the other:",
                        "hello",
                        "world",
                        "as two tasks:",
                        "hello",
                        "world",
                        "both are done");
        assertThat(ended.secondsOf("both are done")).isBetween(2.0, 2.9);
    }

    @Test
    void gather_hasItsResultsInOrder_andCancelsWhatNobodyAwaited() throws Exception {
        Ended ended = start("", "gather");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .contains(
                        "given as coroutines: [2, 6, 24]",
                        "given as tasks: [120, 1]",
                        "task F is cancelled: the loop is shutting down",
                        "task G is cancelled: the loop is shutting down")
                .endsWith("run() is over, and so is everything it began.");
    }

    @Test
    void echo_ofStandardInput() throws Exception {
        Ended ended = start("one\ntwo\nthree\n", "echo");
        assertThat(ended.status).isZero();
        assertThat(ended.words().subList(0, 3))
                .containsExactlyInAnyOrder("done: one", "done: two", "done: three");
        assertThat(ended.out.subList(4, 7))
                .extracting(String::strip)
                .containsExactly("one", "two", "three");
    }

    @Test
    void echo_ofAFile_andOfNone() throws Exception {
        Path file = Files.writeString(folder.resolve("lines.txt"), "a\nb\n");
        Ended ended = start("", "echo", file.toString());
        assertThat(ended.status).isZero();
        assertThat(ended.words()).contains("done: a", "done: b");

        Ended missing = start("", "echo", "missing.txt");
        assertThat(missing.status).isEqualTo(2);
        assertThat(missing.err).containsExactly("echo: there is no file missing.txt");
        assertThat(missing.out).isEmpty();
    }

    @Test
    void timeouts() throws Exception {
        Ended ended = start("", "timeouts");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .containsExactly(
                        "fast: 42",
                        "the slow service is cancelled and cleans up",
                        "too late: the timeout of PT0.5S in Task 'Task-1' has passed",
                        "slow: -1",
                        "the deadline is moved while it runs",
                        "no patience left; but the shielded service goes on",
                        "shielded: 42");
    }

    @Test
    void taskGroup_cancelsTheOthersOfTheFailedJob_andTheyCleanUp() throws Exception {
        Ended ended = start("", "task-group");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .contains(
                        "results: [A, B, C]",
                        "  d is cancelled: its task group is ending",
                        "  d has cleaned up",
                        "  e has cleaned up")
                .endsWith("the batch failed: no such job: bad");
    }

    @Test
    void producerConsumer_theQueueIsBounded_andEveryOrderIsDealtWithBeforeTheEnd()
            throws Exception {
        Ended ended = start("", "producer-consumer");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .startsWith(
                        "shop: order 1 is in, 1 in the queue",
                        "shop: order 2 is in, 2 in the queue",
                        "shop: order 3 is in, 3 in the queue")
                .noneMatch(line -> line.contains("4 in the queue"))
                .anyMatch(line -> line.matches("shop: closed; \\d still in the queue"))
                .anyMatch(line -> line.matches("(Ada|Bob): refused: order 5 is too heavy"))
                .contains("Ada: goes home", "Bob: goes home", "shop: every order is dealt with");
        assertThat(ended.words().stream().filter(line -> line.contains(": packed order ")))
                .hasSize(7);
        assertThat(ended.words().getLast())
                .matches("shop: packed: \\{Ada=\\d, Bob=\\d} and one refused");
        assertThat(ended.complaints()).isEmpty();
    }

    @Test
    void rateLimit_threeAtOnce_thenFiveInHalfASecond() throws Exception {
        Ended ended = start("", "rate-limit");
        assertThat(ended.status).isZero();
        List<String> words = ended.words();
        int second = words.indexOf("five in half a second:");
        assertThat(words.subList(1, second))
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.rangeClosed(1, 9)
                                .mapToObj(number -> "  call " + number)
                                .toList());
        // From before the first call's turn: its line may come late, the clock of its permit does
        // not.
        assertThat(seconds(ended, second + 6) - seconds(ended, second)).isBetween(0.49, 1.5);
        assertThat(words.getLast()).startsWith("answer 1, answer 2,").endsWith("answer 9");
    }

    private static double seconds(Ended ended, int line) {
        return Double.parseDouble(ended.out.get(line).strip().split(" ")[0]);
    }

    @Test
    void monoInterop() throws Exception {
        Ended ended = start("", "mono-interop");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .containsExactly(
                        "tea: 3",
                        "both at once: [3, 5]",
                        "caught: no price for beer",
                        "bill: 8 for Ada, thank you",
                        "zip: 8",
                        "toMono: a task's value",
                        "toTask: 5",
                        "the order is cancelled and cleans up",
                        "the end");
        assertThat(ended.complaints()).isEmpty();
    }

    @Test
    void webclient_tenAtOnce_aRetry_andATimeoutThatReachesTheServer() throws Exception {
        Ended ended = start("", "webclient");
        assertThat(ended.status).isZero();
        assertThat(ended.words())
                .containsSubsequence(
                        "ten at once: [1, 4, 9, 16, 25, 36, 49, 64, 81, 100]",
                        "attempt 1: status 503",
                        "attempt 2: status 503",
                        "attempt 3: status 200",
                        "no answer within 300 ms",
                        "the slow handler is cancelled: its client has gone");
    }

    @Test
    void graceful_cleansUpWhenItIsTerminated() throws Exception {
        Process process = begin("", "graceful");
        Path out = folder.resolve("out");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(out).contains("serving"));
        process.toHandle().destroy();
        Ended ended = end(process);
        assertThat(ended.status).isEqualTo(128 + 15);
        assertThat(ended.words())
                .containsSubsequence(
                        "serving; press Ctrl-C",
                        "the ticker stops",
                        "saving what is in hand",
                        "saved");
        assertThat(ended.complaints()).isEmpty();
    }

    @Test
    void pipeline_reportsAndSkipsWhatIsMalformed_andAddsUpTheRest() throws Exception {
        Ended ended = start("", "pipeline");
        assertThat(ended.status).isZero();
        assertThat(ended.out)
                .filteredOn(line -> line.startsWith("line "))
                .extracting(line -> line.split(":")[0])
                .containsExactly("line 4 is skipped", "line 9 is skipped");
        assertThat(ended.out)
                .endsWith(
                        "Bergen      4 readings, mean   8.4, highest  11.0",
                        "Sevilla     3 readings, mean  31.9, highest  33.5",
                        "Tromsø      3 readings, mean  -2.0, highest  -0.5",
                        "10 readings of 3 places; 2 lines were skipped");
    }

    @Test
    void pipeline_readsAGivenFile() throws Exception {
        Path file = folder.resolve("readings.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            lines.append("{\"station\": \"B1\", \"celsius\": ").append(i % 10).append("}\n");
        }
        Files.writeString(file, lines + "not JSON");
        Ended ended = start("", "pipeline", file.toString());
        assertThat(ended.status).isZero();
        assertThat(ended.out)
                .hasSize(3)
                .first()
                .asString()
                .startsWith("line 1001 is skipped: Unrecognized token 'not'");
        assertThat(ended.out)
                .endsWith(
                        "Bergen   1000 readings, mean   4.5, highest   9.0",
                        "1000 readings of 1 places; 1 lines were skipped");
    }

    @Test
    void pipeline_withAFileThatIsNotThere_isOneClearLine_andStatus2() throws Exception {
        Ended ended = start("", "pipeline", "nowhere.jsonl");
        assertThat(ended.status).isEqualTo(2);
        assertThat(ended.err).containsExactly("pipeline: there is no file nowhere.jsonl");
    }

    @Test
    void sse_theClientStops_andTheGeneratorCleansUp() throws Exception {
        Ended ended = start("", "sse");
        assertThat(ended.status).isZero();
        List<String> words = ended.words();
        assertThat(words)
                .startsWith("a subscriber has come")
                .containsSubsequence(
                        "read event 1",
                        "read event 2",
                        "read event 3",
                        "the client has had enough",
                        "the generator cleans up",
                        "the server is closed");
        String made =
                words.stream().filter(l -> l.startsWith("made so far: ")).findFirst().orElseThrow();
        assertThat(Integer.parseInt(made.split(": ")[1])).isBetween(3, 50_000);
    }

    @Test
    void hosted_losesNoDeposit_withoutALock() throws Exception {
        Ended ended = start("", "hosted");
        assertThat(ended.status).isZero();
        assertThat(ended.out)
                .filteredOn(line -> !line.startsWith("Not hosted: "))
                .containsExactly(
                        "account-0 got 1 answer with 200",
                        "account-1 got 1 answer with 200",
                        "account-2 got 1 answer with 200",
                        "account-3 got 1 answer with 200",
                        "account-4 got 1 answer with 200");
        assertThat(ended.err).isEmpty();
    }

    @Test
    void scheduler_putsAPipelineAndCoroutinesOnOneLoop() throws Exception {
        Ended ended = start("", "scheduler");
        assertThat(ended.status).isZero();
        assertThat(ended.out.subList(0, 3))
                .containsExactly(
                        "loop      1, a task of the scheduler",
                        "loop      2, a callback",
                        "loop      3, a coroutine");
        assertThat(ended.out)
                .contains("single-1  made 10")
                .containsSubsequence(
                        "loop      flux +10",
                        "loop      coroutine +1",
                        "loop      flux +20",
                        "loop      coroutine +1",
                        "loop      flux +30")
                .endsWith("loop      total 63");
    }
}
