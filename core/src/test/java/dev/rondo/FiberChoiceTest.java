package dev.rondo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the kind of fiber is chosen, each in a JVM of its own. */
class FiberChoiceTest {
    private static final String OPEN = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /** What runs in the other JVM: says how a coroutine's thread is scheduled. */
    public static final class Probe {
        private Probe() {}

        public static void main(String[] args) {
            Async.run(() -> {
                Async.yieldNow();
                String thread = Thread.currentThread().toString();
                System.out.println(thread.contains("@rondo-1") ? "MOUNTED" : "HANDOFF");
            });
            Async.run(() -> System.out.println("again"));
        }
    }

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static String runProbe(String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        return run(all.toArray(String[]::new));
    }

    @Test
    void withTheFlag_itIsMounted_withoutAWord() throws Exception {
        assertThat(runProbe(OPEN)).isEqualToIgnoringNewLines("MOUNTEDagain");
    }

    @Test
    void withoutTheFlag_itIsHandoff_andOneLineNamesTheFlag() throws Exception {
        String output = runProbe();
        assertThat(output).contains("HANDOFF").contains("again").contains("INFO");
        assertThat(output).containsOnlyOnce(OPEN);
    }

    @Test
    void handoffIsForced_withoutAWord() throws Exception {
        assertThat(runProbe(OPEN, "-Ddev.rondo.fiber=handoff"))
                .isEqualToIgnoringNewLines("HANDOFFagain");
    }

    @Test
    void mountedWithoutTheFlag_isAClearError() throws Exception {
        assertThat(runProbe("-Ddev.rondo.fiber=mounted"))
                .contains("IllegalStateException")
                .contains("needs the JVM flag " + OPEN);
    }

    @Test
    void nonsense_isAClearError() throws Exception {
        assertThat(runProbe("-Ddev.rondo.fiber=fast"))
                .contains("IllegalStateException")
                .contains("it must be mounted or handoff");
    }

    @Test
    void onTheModulePath_theFlagNamesTheModule() throws Exception {
        String classes = Path.of("target", "classes").toAbsolutePath().toString();
        String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
        String[] asModule = {
            "-p", classes,
            "--patch-module", "dev.rondo.core=" + tests,
            "-m", "dev.rondo.core/" + Probe.class.getName()
        };
        assertThat(run(asModule))
                .contains("HANDOFF")
                .contains("--add-opens=java.base/java.lang=dev.rondo.core");
        List<String> opened = new ArrayList<>();
        opened.add("--add-opens=java.base/java.lang=dev.rondo.core");
        opened.addAll(List.of(asModule));
        assertThat(run(opened.toArray(String[]::new))).isEqualToIgnoringNewLines("MOUNTEDagain");
    }
}
