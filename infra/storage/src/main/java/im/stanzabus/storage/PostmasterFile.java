package im.stanzabus.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file `postmaster.pid` in which a PostgreSQL server says that it runs; it stays behind when the server is killed.
///
/// @param pid process id of the server
/// @param ready true once it takes connections
record PostmasterFile(long pid, boolean ready) {
    private static final int STATUS_LINE = 7;

    /// Null when there is no server, or when it is just writing the file.
    static @Nullable PostmasterFile read(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file(data));
            if (lines.isEmpty()) {
                return null;
            }
            boolean ready =
                    lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
            return new PostmasterFile(Long.parseLong(lines.getFirst().strip()), ready);
        } catch (NoSuchFileException | NumberFormatException e) {
            return null;
        }
    }

    static void delete(Path data) throws IOException {
        Files.deleteIfExists(file(data));
    }

    /// True if the process lives and is a PostgreSQL server of this very folder: after a restart of the machine the
    /// number may belong to any program.
    boolean runs(Path data) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::info)
                .filter(info -> info.command()
                        .map(command -> Path.of(command).getFileName().toString())
                        .filter(name -> name.equals("postgres") || name.equals("postgres.exe"))
                        .isPresent())
                .filter(info -> info.arguments()
                        .map(arguments -> List.of(arguments).contains(data.toString()))
                        .orElse(true))
                .isPresent();
    }

    private static Path file(Path data) {
        return data.resolve("postmaster.pid");
    }
}
