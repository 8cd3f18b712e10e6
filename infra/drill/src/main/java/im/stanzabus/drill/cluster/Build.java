package im.stanzabus.drill.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Which of two builds of the server a process runs.
public enum Build {
    /// The one to update from.
    OLD,
    /// The one that this drill belongs to.
    NEW;

    /// The other one.
    public Build other() {
        return this == OLD ? NEW : OLD;
    }

    /// The class path of a server that has been built.
    ///
    /// @param folder its source folder, or one with its jars
    /// @throws IOException if there is none
    public static String classPath(Path folder) throws IOException {
        for (Path candidate :
                List.of(folder, folder.resolve("infra").resolve("server").resolve("target/lib"))) {
            if (Files.isDirectory(candidate)) {
                try (Stream<Path> files = Files.list(candidate)) {
                    if (files.anyMatch(file -> file.getFileName().toString().matches("stanzabus-server-.*\\.jar"))) {
                        return candidate.toAbsolutePath().normalize() + "/*";
                    }
                }
            }
        }
        throw new IOException("there is no built server in " + folder
                + ": it must be a source folder after './stanzabus build', or a folder with the server's jars");
    }
}
