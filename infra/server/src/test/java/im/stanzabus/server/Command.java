package im.stanzabus.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The command `stanzabus` as its users meet it: a process with arguments, an environment, output and an
/// exit code.
///
/// @param folder where it is called; holds the `stanzabus.yaml`
/// @param classPath every service, and what a test adds
record Command(Path folder, String classPath, Map<String, String> environment) {
    private static final int LIMIT_SECONDS = 90;

    /// A finished command.
    record Result(int exitCode, String out, String err) {}

    static Command in(Path folder) {
        return new Command(folder, System.getProperty("java.class.path"), Map.of());
    }

    /// With more variables in its environment.
    Command with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new Command(folder, classPath, Map.copyOf(all));
    }

    /// With classes that win over those of the server.
    Command with(Path classes) {
        return new Command(folder, classes + File.pathSeparator + classPath, environment);
    }

    /// A process that is yet to be started.
    ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                "im.stanzabus.server.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /// Runs to its end, without input.
    Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "command", ".out");
        Path err = Files.createTempFile(folder, "command", ".err");
        Process process = process(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    List.of(arguments) + " does not end; it said " + Files.readString(out) + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
