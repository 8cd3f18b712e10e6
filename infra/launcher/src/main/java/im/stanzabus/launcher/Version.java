package im.stanzabus.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The version of Stanzabus.
public final class Version {
    /// Such as `0.1.0`; written by the build.
    public static final String CURRENT = read();

    /// What processes say to each other: only those of the same protocol work together.
    public static final int PROTOCOL = 1;

    private Version() {}

    private static String read() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
