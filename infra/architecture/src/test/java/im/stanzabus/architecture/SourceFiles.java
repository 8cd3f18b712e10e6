package im.stanzabus.architecture;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The Java files of all modules.
final class SourceFiles {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    /// What is made by builds and tests, which may run at the same time.
    private static final Set<String> PASSED_OVER = Set.of("target", ".git");

    private SourceFiles() {}

    /// What is not for tests.
    static List<Path> all() throws IOException {
        return below("/src/main/java/");
    }

    static List<Path> tests() throws IOException {
        return below("/src/test/java/");
    }

    private static List<Path> below(String folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return PASSED_OVER.contains(visited.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java") && file.toString().contains(folder)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
