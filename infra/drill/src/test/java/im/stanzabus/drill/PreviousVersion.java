package im.stanzabus.drill;

import im.stanzabus.cluster.testing.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/// The server as it was at the newest commit whose code is not that of the work tree, built in a folder
/// of its own: the commit before this one as a rule, the commit itself while there are changes, an older
/// one after commits that changed documents only. `-Dstanzabus.upgrade-from=<revision>` names another
/// one.
final class PreviousVersion {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path BUILDS = Path.of("target", "previous").toAbsolutePath();
    private static final Path MIGRATIONS = Path.of("infra", "storage", "src", "main", "resources", "db");
    private static final Pattern NEEDS = Pattern.compile(".*_needs_V(\\d+)\\.sql");
    private static final int COMMITS = 100;
    private static final int GIT_MINUTES = 1;
    private static final int BUILD_MINUTES = 8;

    /// What the server is made of.
    private static final List<String> CODE = List.of(
            "--",
            ":(glob)**/src/main/**",
            ":(glob)**/pom.xml",
            ":(exclude)infra/drill",
            ":(exclude)infra/bench",
            ":(exclude)infra/testkit",
            ":(exclude)infra/architecture");

    private final String commit;
    private final Path folder;

    private PreviousVersion(String commit, Path folder) {
        this.commit = commit;
        this.folder = folder;
    }

    private record Outcome(int exitCode, String said) {}

    /// Builds it unless an earlier run has. Aborts the test if there is nothing to build.
    static PreviousVersion build() throws IOException {
        String commit = find();
        PreviousVersion previous = new PreviousVersion(commit, BUILDS.resolve(commit));
        Path done = previous.folder.resolve("done");
        if (!Files.exists(done)) {
            remove(BUILDS);
            Files.createDirectories(previous.folder);
            previous.checkOut();
            previous.compile();
            Files.createFile(done);
        }
        return previous;
    }

    private static String find() throws IOException {
        String chosen = System.getProperty("stanzabus.upgrade-from", "");
        if (!chosen.isEmpty()) {
            return git("rev-parse", "--verify", chosen + "^{commit}").said.strip();
        }
        Outcome history = git("rev-list", "--first-parent", "--max-count=" + COMMITS, "HEAD");
        if (history.exitCode != 0) {
            throw new TestAbortedException("there is no history to take an older version from: " + history.said);
        }
        List<String> commits = history.said.lines().toList();
        for (String commit : commits) {
            List<String> difference = new ArrayList<>(List.of("diff", "--quiet", commit));
            difference.addAll(CODE);
            if (git(difference.toArray(String[]::new)).exitCode == 1) {
                return commit;
            }
        }
        throw new TestAbortedException("the history that is here has no version of the server but this one, in "
                + commits.size() + " commits; clone with more of it (git fetch --unshallow)");
    }

    private static Outcome git(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", ROOT.toString()));
        command.addAll(List.of(arguments));
        try {
            return run(new ProcessBuilder(command), GIT_MINUTES);
        } catch (IOException e) {
            Requirement.of(
                    false,
                    "there is no git to take an older version with (" + e.getMessage() + "): apt-get install git",
                    Assumptions::abort);
            throw e;
        }
    }

    private void checkOut() throws IOException {
        Path tar = BUILDS.resolve("source.tar");
        Outcome archived = git("archive", "--format=tar", "--output=" + tar, commit);
        Outcome unpacked = run(new ProcessBuilder("tar", "-xf", tar.toString(), "-C", folder.toString()), GIT_MINUTES);
        Files.deleteIfExists(tar);
        if (archived.exitCode != 0 || unpacked.exitCode != 0) {
            throw new IOException("commit " + commit + " cannot be unpacked: " + archived.said + unpacked.said);
        }
    }

    /// As `./stanzabus` builds, without touching what is installed; from the network only what is not
    /// there.
    private void compile() throws IOException {
        Outcome built = maven("--offline");
        if (built.exitCode != 0) {
            built = maven("--no-transfer-progress");
        }
        if (built.exitCode != 0) {
            throw new IOException("commit " + commit + " cannot be built; Maven said:\n" + built.said);
        }
    }

    private Outcome maven(String option) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "mvn",
                "-B",
                "-q",
                option,
                "-T",
                "1C",
                "package",
                "-pl",
                "infra/server",
                "-am",
                "-Dmaven.test.skip=true",
                "-Dspotless.check.skip=true"));
        String repository = System.getProperty("localRepository", "");
        if (!repository.isEmpty()) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeAll(Set.of("MAVEN_BASEDIR", "MAVEN_PROJECTBASEDIR"));
        return run(builder, BUILD_MINUTES);
    }

    private static Outcome run(ProcessBuilder builder, int minutes) throws IOException {
        Path log = Files.createTempFile("stanzabus-previous-", ".log");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
            String said = Files.readString(log, StandardCharsets.UTF_8);
            return ended ? new Outcome(process.exitValue(), said) : new Outcome(-1, said + "\nit took too long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    String commit() {
        return commit;
    }

    Path folder() {
        return folder;
    }

    /// Why its processes cannot be started again on the tables that this version makes; empty if they can.
    String cannotReturn() {
        Set<String> known = migrations(folder);
        Set<String> added = migrations(ROOT);
        added.removeAll(known);
        if (added.isEmpty()) {
            return "";
        }
        if (!Files.exists(folder.resolve(Path.of("docs", "adr", "0015-what-older-servers-live-with.md")))) {
            return "it is older than the rule that servers may start on tables of newer ones, and there are " + added;
        }
        int newest = known.stream()
                .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                .max()
                .orElse(0);
        return added.stream()
                .map(NEEDS::matcher)
                .filter(Matcher::matches)
                .filter(name -> Integer.parseInt(name.group(1)) > newest)
                .map(name -> name.group() + " needs a newer server")
                .collect(Collectors.joining(", "));
    }

    /// Migrations that both versions have, but not with one text: tables that one has made are refused by the
    /// other.
    String changedMigrations() throws IOException {
        Set<String> both = migrations(folder);
        both.retainAll(migrations(ROOT));
        List<String> changed = new ArrayList<>();
        for (String name : both) {
            Path before = folder.resolve(MIGRATIONS).resolve(name);
            if (Files.mismatch(before, ROOT.resolve(MIGRATIONS).resolve(name)) >= 0) {
                changed.add(name);
            }
        }
        return String.join(", ", changed);
    }

    private static Set<String> migrations(Path source) {
        try (Stream<Path> files = Files.list(source.resolve(MIGRATIONS))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
