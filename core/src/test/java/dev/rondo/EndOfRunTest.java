package dev.rondo;

import static dev.rondo.Async.*;

import static org.assertj.core.api.Assertions.assertThat;

import static java.time.Duration.*;

import dev.rondo.testing.*;
import dev.rondo.testsupport.LogRecorder;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.*;

/** How a run ends: by itself, with stubborn tasks, and with the JVM. */
class EndOfRunTest {
    private final List<Object> trail = new ArrayList<>();

    @Test
    void aTaskThatSwallowsAndWorksOn_isWaitedFor_andAskedOnce() {
        Task<?> task =
                VirtualClock.run(() -> {
                    Task<?> stubborn =
                            createTask(() -> {
                                try {
                                    sleep(ofHours(1));
                                } catch (CancellationException e) {
                                    sleep(ofSeconds(4));
                                    trail.add("ended by itself");
                                }
                            });
                    yieldNow();
                    return stubborn;
                });
        assertThat(trail).containsExactly("ended by itself");
        assertThat(task.cancelling()).isEqualTo(1);
    }

    @Test
    void aTaskThatDoesNotEnd_isNamedOnceWithItsStack() {
        try (LogRecorder log = new LogRecorder()) {
            VirtualClock.run(() -> {
                createTask("stubborn", this::stubborn);
                yieldNow();
            });
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("has not ended after 5 s: Task 'stubborn'");
            assertThat(log.thrown().getFirst().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("stubborn"));
        }
    }

    private void stubborn() {
        for (int i = 0; i < 100; i++) {
            try {
                sleep(ofHours(1));
            } catch (CancellationException e) {
                trail.add("no");
            }
        }
    }

    /** What runs in the other JVM. */
    public static final class Server {
        private Server() {}

        public static void main(String[] args) {
            Action main =
                    () -> {
                        try {
                            System.out.println("up");
                            if (args[0].equals("exit in a thread")) {
                                toThread(() -> System.exit(3)).await();
                            }
                            if (args[0].equals("exit")) {
                                System.exit(3);
                            }
                            sleep(ofHours(1));
                        } finally {
                            if (args[0].equals("restarts")) {
                                supervise();
                            }
                            sleep(args[0].equals("slow") ? ofHours(1) : ofMillis(100));
                            System.out.println("cleaned up");
                        }
                    };
            var limit = args[0].equals("restarts") ? ofMinutes(10) : ofMillis(1500);
            try (EventLoop loop = EventLoop.builder().shutdownLimit(limit).build()) {
                loop.run(main);
            } catch (CancellationException e) {
                System.out.println("run: " + e.getMessage());
            }
        }

        private static void supervise() {
            createTask(() -> sleep(ofHours(1))).onDone(ended -> supervise());
        }
    }

    private static String terminated(String how) throws Exception {
        String fiber = System.getProperty("dev.rondo.fiber");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "-Ddev.rondo.fiber=" + fiber,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Server.class.getName(),
                                how)
                        .redirectErrorStream(true)
                        .start();
        var output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder seen = new StringBuilder(output.readLine());
        if (!how.startsWith("exit")) {
            process.toHandle().destroy();
        }
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(", ").append(line);
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return seen.toString();
    }

    @Test
    void aTerminatedJvm_cancelsMain_andWaitsForItsCleanUp() throws Exception {
        assertThat(terminated("plain")).startsWith("up, cleaned up");
    }

    @Test
    void aCleanUpThatTakesTooLong_isNotWaitedForLongerThanTheLimit() throws Exception {
        assertThat(terminated("slow")).isEqualTo("up");
    }

    @Test
    void aTaskThatIsStartedAgainAndAgain_doesNotHoldUpTheEndOfTheJvm() throws Exception {
        assertThat(terminated("restarts")).startsWith("up, cleaned up");
    }

    @Test
    void exitFromACoroutine_endsTheJvmWithoutWaitingForItself() throws Exception {
        long began = System.nanoTime();
        assertThat(terminated("exit")).isEqualTo("up");
        assertThat(ofNanos(System.nanoTime() - began)).isLessThan(ofSeconds(15));
    }

    @Test
    void exitFromABlockingCall_isNotWaitedForEither_butMainsCleanUpIs() throws Exception {
        assertThat(terminated("exit in a thread")).startsWith("up, cleaned up");
    }
}
