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
                        "graceful",
                        "scheduler");
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
