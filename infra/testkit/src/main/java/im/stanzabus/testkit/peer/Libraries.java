package im.stanzabus.testkit.peer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where Debian keeps compiled libraries: a folder for each kind of machine.
final class Libraries {
    private static final Path ALL = Path.of("/usr/lib");

    private Libraries() {}

    /// The machine's folder, if it has something in it.
    ///
    /// @param folder below the machine's
    /// @param name with wildcards
    static Optional<Path> with(String folder, String name) throws IOException {
        try (DirectoryStream<Path> machines = Files.newDirectoryStream(ALL, "*-linux-*")) {
            for (Path machine : machines) {
                if (has(machine.resolve(folder), name)) {
                    return Optional.of(machine);
                }
            }
            return Optional.empty();
        }
    }

    private static boolean has(Path folder, String name) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name)) {
            return found.iterator().hasNext();
        }
    }
}
