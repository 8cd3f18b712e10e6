package im.stanzabus.bench.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The TCP connections of this machine, as Linux tells in `/proc` (proc(5)).
final class Connections {
    private static final String ESTABLISHED = "01";

    private Connections() {}

    /// How many connections to a port of this machine are open.
    static long to(int port) throws IOException {
        String local = ":%04X".formatted(port);
        long open = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.strip().split(" +", -1);
                if (fields.length > 3 && fields[1].endsWith(local) && fields[3].equals(ESTABLISHED)) {
                    open++;
                }
            }
        }
        return open;
    }
}
