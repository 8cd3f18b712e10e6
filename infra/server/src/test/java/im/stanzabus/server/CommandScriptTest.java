package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The script `./stanzabus` in a source folder with a build, a JDK and a Maven that only say how
/// they were called.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandScriptTest {
    private record Result(int exitCode, String output) {}

    @TempDir
    Path folder;

    private Path root;
    private Path jdk;
    private Path tools;

    @BeforeEach
    void makeSourceFolder() throws Exception {
        root = Files.createDirectories(folder.resolve("source folder"));
        Files.copy(Path.of("..", "..", "stanzabus"), root.resolve("stanzabus"));
        Files.setPosixFilePermissions(root.resolve("stanzabus"), PosixFilePermissions.fromString("rwxr-xr-x"));
        source("pom.xml");
        source("auth-service/src/main/java/Auth.java");
        jdk = jdk("jdk-25", "25.0.1");
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "sed", "find", "head", "dirname", "readlink", "cat", "mkdir", "rm", "touch")) {
            Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
        }
        script(
                tools.resolve("mvn"),
                "echo \"maven $*\" >> '" + folder.resolve("maven.log") + "'",
                "mkdir -p infra/server/target/lib infra/drill/target/lib infra/bench/target/lib",
                ": >> infra/server/target/lib/b.jar",
                ": >> infra/server/target/lib/a.jar");
    }

    private static Path onPath(String tool) {
        return List.of("/bin", "/usr/bin").stream()
                .map(bin -> Path.of(bin, tool))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private void source(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        Instant longAgo = Instant.now().minus(Duration.ofDays(1));
        for (Path each = file; !each.equals(root); each = each.getParent()) {
            Files.setLastModifiedTime(each, FileTime.from(longAgo));
        }
    }

    private static void script(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// A JDK whose java writes down its arguments, each in brackets, and whose AOT cache is an
    /// empty file.
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        script(home.resolve("bin/javac"));
        script(
                home.resolve("bin/java"),
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"" + version + "\" 2026-01-01' >&2; exit; fi",
                "echo 'java of " + name + "'",
                "for argument in \"$@\"; do",
                "  case $argument in -XX:AOTCacheOutput=*) touch \"${argument#*=}\" ;; esac",
                "  printf '[%s]' \"$argument\"",
                "done");
        return home;
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        return run(root.resolve("stanzabus"), environment, arguments);
    }

    private Result run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", folder.toString()));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private List<String> builds() throws IOException {
        Path log = folder.resolve("maven.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    @Test
    void buildsOnceAndRunsTheCommandWithItsArguments() throws Exception {
        Result first = run(Map.of(), "user", "add", "a b@localhost");
        Result second = run(Map.of(), "version");

        assertThat(first.exitCode()).isZero();
        assertThat(first.output())
                .startsWith("Building Stanzabus (first time: a few minutes)…\njava of jdk-25\n")
                .contains("[--enable-native-access=ALL-UNNAMED]", "[--sun-misc-unsafe-memory-access=allow]")
                .contains("[-XX:+UseSerialGC]", "[-Xmx512m]")
                .contains("[-XX:AOTCache=" + root.resolve("infra/server/target/stanzabus.aot") + "]")
                .endsWith("[im.stanzabus.server.Main][user][add][a b@localhost]");
        Path lib = root.resolve("infra/server/target/lib");
        assertThat(first.output()).contains("[-cp][" + lib.resolve("a.jar") + ":" + lib.resolve("b.jar") + "]");
        assertThat(second.output()).startsWith("java of jdk-25").endsWith("[version]");
        assertThat(builds()).singleElement().asString().contains("package -pl infra/server -am");
    }

    /// They come last and all of them; what is no jar does not count, and neither does a folder
    /// elsewhere.
    @Test
    void jarsOfTheFolderPluginsFollowThoseOfTheServer() throws Exception {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        Files.createFile(plugins.resolve("words of mine.jar"));
        Files.createFile(plugins.resolve("more.jar"));
        Files.createFile(plugins.resolve("readme.txt"));
        Files.createFile(Files.createDirectories(root.resolve("plugins")).resolve("elsewhere.jar"));

        String output = run(Map.of(), "run").output();

        Path lib = root.resolve("infra/server/target/lib");
        String server = lib.resolve("a.jar") + ":" + lib.resolve("b.jar");
        assertThat(output)
                .contains("[-cp][" + server + ":" + plugins.resolve("more.jar") + ":"
                        + plugins.resolve("words of mine.jar") + "]")
                .endsWith("[im.stanzabus.server.Main][run]");
    }

    /// The cache is made for the server alone: it serves every folder.
    @Test
    void theCacheOfAStartKnowsNoPlugins() throws Exception {
        Files.createFile(Files.createDirectories(folder.resolve("plugins")).resolve("words.jar"));

        run(Map.of(), "build");

        assertThat(Files.readString(root.resolve("infra/server/target/build.log")))
                .contains("[warm-up]")
                .doesNotContain("words.jar");
    }

    @Test
    void buildsAgainWhenSourcesAreNewer() throws Exception {
        run(Map.of(), "version");
        Instant later = Instant.now().plus(Duration.ofMinutes(1));
        Files.setLastModifiedTime(root.resolve("auth-service/src/main/java/Auth.java"), FileTime.from(later));

        assertThat(run(Map.of(), "version").output()).startsWith("Building Stanzabus…\n");

        assertThat(builds()).hasSize(2);
    }

    @Test
    void aBuildThatFailsShowsItsMessages() throws Exception {
        script(tools.resolve("mvn"), "echo 'cannot find symbol'", "exit 1");

        Result result = run(Map.of(), "run");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).contains("cannot find symbol\n").contains("stanzabus: the build failed");
        assertThat(run(Map.of(), "run").exitCode()).isEqualTo(1);
    }

    @Test
    void saysSoWhenThereIsNoMaven() throws Exception {
        Files.delete(tools.resolve("mvn"));

        assertThat(run(Map.of(), "run"))
                .isEqualTo(new Result(
                        1,
                        "stanzabus: Maven is needed to build, and there is no 'mvn'."
                                + " Install it (Debian: apt install maven).\n"));
    }

    @Test
    void passesOverAJdkThatIsTooOld() throws Exception {
        Path old = jdk("jdk-17", "17.0.15");
        script(tools.resolve("java"), "exec '" + old.resolve("bin/java") + "' \"$@\"");

        assertThat(run(Map.of("JAVA_HOME", old.toString()), "version").output()).doesNotContain("java of jdk-17");
    }

    @Test
    void optionsOfTheUserComeLastAndMayChooseTheCollector() throws Exception {
        Result result = run(Map.of("STANZABUS_JAVA_OPTS", "-XX:+UseZGC -Xmx2g"), "version");

        assertThat(result.output())
                .doesNotContain("UseSerialGC")
                .containsSubsequence("[-Xmx512m]", "[-XX:+UseZGC]", "[-Xmx2g]");
    }

    @Test
    void canBeCalledThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("sb"), root.resolve("stanzabus"));

        assertThat(run(link, Map.of(), "version").output()).endsWith("[im.stanzabus.server.Main][version]");
    }

    @Test
    void drillIsBuiltWithTheServerItDrillsAndGivesItsOwnExitCode() throws Exception {
        script(
                jdk.resolve("bin/java"),
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"25\"' >&2; exit; fi",
                "printf '[%s]' \"$@\"",
                "case \"$*\" in *drown) exit 2 ;; esac");

        Result first = run(Map.of(), "drill", "--faults", "drown");
        Result second = run(Map.of(), "drill", "--short");

        assertThat(first.exitCode()).isEqualTo(2);
        assertThat(first.output())
                .contains("[-Dstanzabus.drill.server-path=" + root.resolve("infra/server/target/lib") + "/*]")
                .contains("[-cp][" + root.resolve("infra/drill/target/lib") + "/*]")
                .endsWith("[im.stanzabus.drill.DrillCommand][--faults][drown]");
        assertThat(second.exitCode()).isZero();
        assertThat(second.output()).endsWith("[im.stanzabus.drill.DrillCommand][--short]");
        assertThat(builds()).singleElement().asString().contains("package -pl infra/drill -am");
    }

    @Test
    void benchIsBuiltOnceWithTheServerAndGivesItsOwnExitCode() throws Exception {
        script(
                jdk.resolve("bin/java"),
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"25\"' >&2; exit; fi",
                "printf '[%s]' \"$@\"",
                "case \"$*\" in *LoadCommand*) exit 1 ;; esac");

        Result first = run(Map.of(), "bench", "chat", "--rates", "0");
        run(Map.of(), "drill", "--short");
        Result second = run(Map.of(), "bench");
        run(Map.of(), "drill", "--short");

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.output())
                .contains("[-cp][" + root.resolve("infra/bench/target/lib") + "/*]")
                .endsWith("[im.stanzabus.bench.load.LoadCommand][chat][--rates][0]");
        assertThat(second.output()).endsWith("[im.stanzabus.bench.load.LoadCommand]");
        assertThat(builds())
                .satisfiesExactly(
                        bench -> assertThat(bench).contains("package -pl infra/bench -am"),
                        drill -> assertThat(drill).contains("package -pl infra/drill -am"));
    }

    /// Its jars and its cache stay where they are.
    @Test
    void aProgramBesideIsBuiltWhileAServerRunsFromTheSameFolder() throws Exception {
        run(Map.of(), "version");
        Path target = root.resolve("infra/server/target");
        Path opened = Files.createFile(target.resolve("lib/only-of-the-first-build.jar"));
        Files.writeString(target.resolve("stanzabus.aot"), "in use");

        run(Map.of(), "bench");

        assertThat(builds()).hasSize(2);
        assertThat(opened).exists();
        assertThat(target.resolve("stanzabus.aot")).hasContent("in use");
    }

    /// The server's jars are not its concern: the next command leaves them to the server that runs from them.
    @Test
    void aBuildOfAProgramBesideThatFailedIsDoneAgain() throws Exception {
        run(Map.of(), "version");
        Path opened = Files.createFile(root.resolve("infra/server/target/lib/only-of-the-first-build.jar"));
        Path maven = tools.resolve("mvn");
        String works = Files.readString(maven);
        script(maven, "exit 1");
        assertThat(run(Map.of(), "bench").exitCode()).isEqualTo(1);
        Files.writeString(maven, works);

        assertThat(run(Map.of(), "version").exitCode()).isZero();
        assertThat(builds()).hasSize(1);
        run(Map.of(), "bench");

        assertThat(builds()).hasSize(2);
        assertThat(opened).exists();
    }

    @Test
    void testRunsAllTestsOfMaven() throws Exception {
        run(Map.of(), "test", "-pl", "auth-service");

        assertThat(builds()).containsExactly("maven -B verify -pl auth-service");
    }
}
