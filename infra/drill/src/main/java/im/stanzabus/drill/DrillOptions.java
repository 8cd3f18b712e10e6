package im.stanzabus.drill;

import im.stanzabus.drill.cluster.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a drill is to do.
///
/// @param layout the processes of the cluster
/// @param faults names of faults or beginnings of names; empty for all
/// @param limit no fault begins later than this after the first
/// @param rounds how many times each fault happens at most
/// @param clients how many send messages
/// @param rate messages of one client per second
/// @param seed decides the order of the faults and their victims
/// @param serverPath the class path of the server processes
/// @param oldPath the class path of the server from which the cluster is upgraded; null if it is not
/// @param keep where folders and logs of the processes stay; null for a temporary folder that is removed
public record DrillOptions(
        Layout layout,
        List<String> faults,
        Duration limit,
        int rounds,
        int clients,
        double rate,
        long seed,
        String serverPath,
        @Nullable String oldPath,
        @Nullable Path keep) {
    private static final int MAX_RATE = 50;
    private static final int SHORT_CLIENTS = 60;
    private static final Duration SHORT_LIMIT = Duration.ofMinutes(4);

    /// @throws IllegalArgumentException if a number makes no sense
    public DrillOptions {
        if (limit.isNegative() || limit.isZero() || rounds < 1) {
            throw new IllegalArgumentException("at least one fault must be able to happen");
        }
        if (clients < 2 || !(rate > 0) || rate > MAX_RATE) {
            throw new IllegalArgumentException(
                    "it takes two clients at least, and from more than 0 to " + MAX_RATE + " messages a second each");
        }
        faults = List.copyOf(faults);
    }

    /// A short drill: each fault that is quick, once, the network split, and the upgrade if there is an old
    /// server. Frozen is whoever owns accounts.
    public static DrillOptions brief(
            Layout layout, long seed, String serverPath, @Nullable String oldPath, @Nullable Path keep) {
        List<String> faults = new ArrayList<>(List.of("kill"));
        if (layout != Layout.ONE) {
            faults.add("split");
        }
        layout.kinds().stream()
                .filter(kind -> kind.services().contains("session-service"))
                .forEach(kind -> faults.add("freeze-" + kind.name()));
        if (oldPath != null) {
            faults.add("rolling-upgrade");
        }
        return new DrillOptions(layout, faults, SHORT_LIMIT, 1, SHORT_CLIENTS, 1, seed, serverPath, oldPath, keep);
    }
}
