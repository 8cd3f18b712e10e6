package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a peer keeps everything: its configuration, data, certificate and log. A folder that was
/// there before is emptied first.
///
/// @param path absolute
record PeerFolder(Path path) {
    private static final int LAST_LINES = 30;

    static PeerFolder empty(Path path) throws IOException {
        if (Files.exists(path)) {
            EmbeddedServer.delete(path);
        }
        Files.createDirectories(path);
        return new PeerFolder(path.toAbsolutePath());
    }

    /// The file with the certificate and what it is signed with.
    Path certificate() {
        return path.resolve("own.crt");
    }

    Path key() {
        return path.resolve("own.key");
    }

    /// The file with the authorities that the peer trusts.
    Path authorities() {
        return path.resolve("authorities.crt");
    }

    Path log() {
        return path.resolve("log");
    }

    /// What the process writes to its standard output.
    Path output() {
        return path.resolve("output");
    }

    Path file(String name) {
        return path.resolve(name);
    }

    void write(TestCertificates.Issued own, String authorities) throws IOException {
        own.write(path, "own");
        Files.writeString(authorities(), authorities);
    }

    /// The end of what the process has written, for people who wonder why it does not run.
    String lastWords() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Path file : List.of(output(), log())) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> words.append('\n').append(line));
            }
        }
        return words.toString();
    }
}
