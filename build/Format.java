import com.google.googlejavaformat.java.Main;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java source of the project: {@code check} fails for a file
 * that is not in the house format, {@code write} writes it. A program of its own because the
 * formatter takes files, not folders.
 */
class Format {
    public static void main(String[] args) throws Exception {
        boolean write = args[0].equals("write");
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(
                write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
        for (String module :
                List.of("build", "test-support", "core", "reactor-bridge", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(module))) {
                files.map(Path::toString)
                        .filter(file -> file.endsWith(".java") && !file.contains("/target/"))
                        .sorted()
                        .forEach(command::add);
            }
        }
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int status = new Main(out, err, System.in).format(command.toArray(String[]::new));
        if (status != 0 && !write) {
            System.err.println("These are not in the house format; mvn -q -N -Pformat writes it.");
        }
        System.exit(status);
    }
}
