package im.stanzabus.storage;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL programs that come with Stanzabus for the usual systems, unpacked once into the data folder. They
/// are kept there and not in the common temporary folder, where another local user could put programs for us to run.
final class PostgresBinaries {
    /// The version that the class path holds; a test compares it with what the server says.
    static final String VERSION = "18.1";

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /// Unpacks into a folder of its own inside `parent` unless that was done before.
    static PostgresBinaries in(Path parent) throws IOException {
        Path folder = parent.resolve("postgresql-" + VERSION);
        if (!Files.isDirectory(folder)) {
            Path unfinished = parent.resolve("postgresql-" + VERSION + ".new");
            delete(unfinished);
            unpack(unfinished);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(folder);
    }

    /// The start of a command line that runs one of the programs.
    List<String> program(String name) {
        String program = folder.resolve("bin").resolve(name).toString();
        // PostgreSQL refuses to run as root. In a user namespace of its own the process is nobody in particular,
        // while the files keep their owner.
        return runsAsRoot() ? List.of("unshare", "-U", program) : List.of(program);
    }

    private static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name")) && os().equals("Linux");
    }

    private static String os() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.contains("win") && !name.contains("darwin") ? "Windows" : name.contains("mac") ? "Darwin" : "Linux";
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream packed =
                        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(os(), System.getProperty("os.arch"));
                TarArchiveInputStream archive = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("archive entry outside of its folder: " + entry.getName());
                }
                write(archive, entry, path);
            }
        }
    }

    private static void write(TarArchiveInputStream archive, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(archive, path);
        if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + path + " executable");
        }
    }

    /// Removes a folder with all that is in it.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
