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
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// One file `db/V<version>__<what>.sql` of the class path, or what the history of a database says of one.
/// A change that older servers cannot live with names the oldest that can, by the newest migration it
/// brings: `V012__drop_nicknames_needs_V010.sql`.
///
/// @param checksum as Flyway computes it: over the lines, without what ends them
/// @param needs the version that a server must know at least to live with it; 0 if every server can
record Migration(int version, int checksum, int needs) {
    static final String FOLDER = "db";
    private static final String ANCHOR = FOLDER + "/V003__message_log.sql";
    private static final Pattern NAME = Pattern.compile("(?:.*/)?V(\\d+)__\\w+\\.sql");
    private static final Pattern NEEDS = Pattern.compile(".*_needs_V(\\d+)\\.sql");

    /// @param script the name of its file
    static Migration of(int version, int checksum, String script) {
        Matcher needs = NEEDS.matcher(script);
        return new Migration(version, checksum, needs.matches() ? Integer.parseInt(needs.group(1)) : 0);
    }

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
                    .sorted(Comparator.comparingInt(Migration::version))
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
                        found.add(of(Integer.parseInt(name.group(1)), checksum(text), name.group()));
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
                        found.add(of(Integer.parseInt(name.group(1)), checksum(text), name.group()));
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
