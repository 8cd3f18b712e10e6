package im.stanzabus.testkit.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The command `stanzabus` as its users meet it: a process with arguments, an environment, output and an
/// exit code.
///
/// @param folder where it is called; holds the `stanzabus.yaml`
/// @param classPath the server with every service, and what a test adds or takes away
public record Command(Path folder, String classPath, Map<String, String> environment) {
    private static final int LIMIT_SECONDS = 90;

    /// A finished command.
    public record Result(int exitCode, String out, String err) {}

    /// With the class path of the test itself.
    public static Command in(Path folder) {
        return new Command(folder, System.getProperty("java.class.path"), Map.of());
    }

    /// With more variables in its environment.
    public Command with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new Command(folder, classPath, Map.copyOf(all));
    }

    /// With classes that win over those of the server.
    public Command with(Path classes) {
        return new Command(folder, classes + File.pathSeparator + classPath, environment);
    }

    /// Without a folder or jar that is on the class path, as it is for whoever does not have it.
    ///
    /// @throws IllegalArgumentException if it is not there
    public Command without(Path classes) {
        List<String> entries = List.of(classPath.split(Pattern.quote(File.pathSeparator)));
        Path unwanted = classes.toAbsolutePath().normalize();
        List<String> rest = entries.stream()
                .filter(entry -> !Path.of(entry).toAbsolutePath().normalize().equals(unwanted))
                .toList();
        if (rest.size() == entries.size()) {
            throw new IllegalArgumentException(classes + " is not on the class path " + classPath);
        }
        return new Command(folder, String.join(File.pathSeparator, rest), environment);
    }

    /// A process that is yet to be started.
    public ProcessBuilder process(String... arguments) {
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
    public Result run(String... arguments) throws IOException, InterruptedException {
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
