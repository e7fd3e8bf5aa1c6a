package dev.rondo.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path, for a peer: {@code handoff} is Rondo handed over. */
final class Jvm {
    static final List<String> MOUNTED =
            List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", "-Ddev.rondo.fiber=mounted");
    static final List<String> HANDOFF = List.of("-Ddev.rondo.fiber=handoff");

    private Jvm() {}

    /** Started; its errors are ours. */
    static Process start(String peer, Class<?> main, String... more) throws IOException {
        boolean handoff = peer.equals("handoff");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(handoff ? HANDOFF : MOUNTED);
        command.addAll(List.of(more));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.add(handoff ? "rondo" : peer);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The first line it prints. */
    static String output(String peer, Class<?> main, String... more)
            throws IOException, InterruptedException {
        Process process = start(peer, main, more);
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException(main.getName() + " ended with " + process.waitFor());
            }
            return line;
        }
    }
}
