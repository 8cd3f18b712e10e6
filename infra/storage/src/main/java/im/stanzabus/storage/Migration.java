package im.stanzabus.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// One file `db/V<version>__<what>.sql` of the class path.
///
/// @param checksum as Flyway computes it: over the lines, without what ends them
record Migration(int version, int checksum) {
    static final String FOLDER = "db";
    private static final String ANCHOR = FOLDER + "/V003__message_log.sql";
    private static final Pattern NAME = Pattern.compile("(?:.*/)?V(\\d+)__\\w+\\.sql");

    /// All migrations that this version of the server brings, by version.
    static List<Migration> bundled() {
        URL anchor = Migration.class.getClassLoader().getResource(ANCHOR);
        if (anchor == null) {
            throw new IllegalStateException("migrations are not on the class path");
        }
        try {
            List<Migration> migrations = anchor.openConnection() instanceof JarURLConnection jar
                    ? ofJar(jar)
                    : ofFolder(Path.of(anchor.toURI()).resolveSibling("."));
            return migrations.stream()
                    .sorted((a, b) -> Integer.compare(a.version, b.version))
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("migrations cannot be read", e);
        }
    }

    private static List<Migration> ofJar(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false);
        List<Migration> found = new ArrayList<>();
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : jar.stream().toList()) {
                Matcher name = NAME.matcher(entry.getName());
                if (entry.getName().startsWith(FOLDER + '/') && name.matches()) {
                    try (InputStream text = jar.getInputStream(entry)) {
                        found.add(new Migration(Integer.parseInt(name.group(1)), checksum(text)));
                    }
                }
            }
        }
        return found;
    }

    private static List<Migration> ofFolder(Path folder) throws IOException {
        List<Migration> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    try (InputStream text = Files.newInputStream(file)) {
                        found.add(new Migration(Integer.parseInt(name.group(1)), checksum(text)));
                    }
                }
            }
        }
        return found;
    }

    private static int checksum(InputStream text) throws IOException {
        CRC32 crc = new CRC32();
        BufferedReader reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            crc.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return (int) crc.getValue();
    }
}
