package im.stanzabus.drill.fault;

import im.stanzabus.drill.cluster.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One kind of fault.
///
/// @param action what is done
/// @param target the kind of process to which it is done; the name of what it is done to for others
public record Fault(Action action, String target) {
    /// What can be done.
    public enum Action {
        /// `kill -9` of one process, which is started again after some seconds.
        KILL,
        /// `SIGSTOP` of one process, and `SIGCONT` after some seconds.
        FREEZE,
        /// `kill -9` of PostgreSQL, which is started again after some seconds.
        KILL_DATABASE,
        /// The two halves of the network do not reach each other; both reach database and clients.
        SPLIT,
        /// As {@link #SPLIT}, and one half does not reach the database.
        CUT_OFF,
        /// `SIGTERM` to one process after the other; the next follows when the one before is ready again.
        RESTART_ALL,
        /// As {@link #RESTART_ALL}, from one build of the server to the other; the next time back.
        UPGRADE_ALL
    }

    /// Everything that can be done to a cluster.
    ///
    /// @param twoBuilds whether there is an old build and a new one
    public static List<Fault> all(Layout layout, boolean twoBuilds) {
        List<Fault> all = new ArrayList<>();
        layout.kinds().forEach(kind -> all.add(new Fault(Action.KILL, kind.name())));
        layout.kinds().forEach(kind -> all.add(new Fault(Action.FREEZE, kind.name())));
        all.add(new Fault(Action.KILL_DATABASE, "postgresql"));
        if (layout != Layout.ONE) {
            all.add(new Fault(Action.SPLIT, "network"));
            all.add(new Fault(Action.CUT_OFF, "network-and-database"));
        }
        all.add(new Fault(Action.RESTART_ALL, "restart"));
        if (twoBuilds) {
            all.add(new Fault(Action.UPGRADE_ALL, "upgrade"));
        }
        return List.copyOf(all);
    }

    /// Those whose name begins with one of these.
    ///
    /// @throws IllegalArgumentException if one of them fits nothing
    public static List<Fault> select(List<Fault> from, List<String> names) {
        List<Fault> selected = new ArrayList<>();
        for (String name : names) {
            List<Fault> fitting = from.stream()
                    .filter(fault -> fault.name().startsWith(name.toLowerCase(Locale.ROOT)))
                    .toList();
            if (fitting.isEmpty()) {
                throw new IllegalArgumentException("there is no fault '" + name + "'; there are "
                        + String.join(", ", from.stream().map(Fault::name).toList()));
            }
            fitting.stream().filter(fault -> !selected.contains(fault)).forEach(selected::add);
        }
        return List.copyOf(selected);
    }

    /// How it is called on the command line and in the report.
    public String name() {
        return switch (action) {
            case KILL, KILL_DATABASE -> "kill-" + target;
            case FREEZE -> "freeze-" + target;
            case SPLIT, CUT_OFF -> "split-" + target;
            case RESTART_ALL, UPGRADE_ALL -> "rolling-" + target;
        };
    }

    /// Whether it needs a network that can be split.
    public boolean needsNetwork() {
        return action == Action.SPLIT || action == Action.CUT_OFF;
    }
}
