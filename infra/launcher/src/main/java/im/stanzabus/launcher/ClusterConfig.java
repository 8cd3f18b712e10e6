package im.stanzabus.launcher;

import im.stanzabus.bus.NodeId;
import im.stanzabus.cluster.hazelcast.JoinSettings;
import im.stanzabus.cluster.lease.BusNode;
import im.stanzabus.launcher.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How this process finds the others of its cluster.
///
/// @param name of the cluster
/// @param node what the process is called; something of each start is appended
/// @param host to listen on for other members
/// @param publicHost the address that other members use; empty if it is the one to listen on
/// @param port for membership; 0 for any free one
/// @param busPort for what services say to each other; 0 for any free one
/// @param seeds where others may be, `host:port` each
/// @param dns a name that resolves to all members
/// @param patience how long a seed is waited for
/// @param deadAfter how long nothing is heard of a member until it counts as dead
record ClusterConfig(
        Join join,
        String name,
        String node,
        String host,
        String publicHost,
        int port,
        int busPort,
        List<String> seeds,
        String dns,
        Duration patience,
        Duration deadAfter) {
    /// How others are found.
    enum Join {
        NONE,
        SEEDS,
        DNS,
        MULTICAST
    }

    private static final int DEFAULT_PORT = 5701;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern PLACE = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+)(?::([0-9]{1,5}))?");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(5);
    private static final int MAX_SECONDS = 300;

    static ClusterConfig read(Settings settings) {
        Join join = settings.choice("join", Join.NONE);
        String name = named(settings, "name", "stanzabus");
        String node = named(settings, "node", "node");
        String host = settings.text("host", "127.0.0.1");
        String publicHost = settings.text("public-host", "");
        int port = settings.number("port", DEFAULT_PORT, 0, 65_535);
        int busPort = settings.number("bus-port", 0, 0, 65_535);
        List<String> seeds = places(settings, settings.list("seeds", List.of()), port == 0 ? DEFAULT_PORT : port);
        String dns = settings.text("dns", "");
        Duration patience = seconds(settings, "join-timeout", PATIENCE);
        Duration deadAfter = seconds(settings, "dead-after", DEAD_AFTER);
        if (host.isEmpty()) {
            settings.error("host", "is empty; 0.0.0.0 is every address of this machine");
        }
        if (port != 0 && port == busPort) {
            settings.error("bus-port", "is the same as port");
        }
        needs(settings, join == Join.SEEDS, "seeds", seeds.isEmpty());
        needs(settings, join == Join.DNS, "dns", dns.isEmpty());
        if (join == Join.DNS && port == 0) {
            settings.error("port", "must be the same fixed one for all members that are found by DNS");
        }
        ReachableHost.of(host, publicHost).check(settings, join, seeds, dns);
        return new ClusterConfig(join, name, node, host, publicHost, port, busPort, seeds, dns, patience, deadAfter);
    }

    boolean isAlone() {
        return join == Join.NONE;
    }

    /// A name for one start of this process.
    NodeId newNode() {
        return new NodeId(node
                + '-'
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    }

    /// The process as the database is to know it.
    BusNode busNode(NodeId self, boolean alone) {
        return new BusNode(self, alone ? "" : name, "", Version.CURRENT, Version.PROTOCOL);
    }

    /// @param installation the id of the database that all members share
    /// @param known where living members are known to be
    JoinSettings joining(NodeId self, String installation, List<String> known) {
        return new JoinSettings(
                switch (join) {
                    case DNS -> JoinSettings.Way.DNS;
                    case MULTICAST -> JoinSettings.Way.MULTICAST;
                    case NONE, SEEDS -> JoinSettings.Way.SEEDS;
                },
                name,
                self,
                Version.CURRENT,
                Version.PROTOCOL,
                installation,
                host,
                publicHost,
                port,
                join == Join.DNS ? List.of(dns + ':' + port) : seeds,
                known,
                patience,
                deadAfter);
    }

    private static String named(Settings settings, String key, String defaultValue) {
        String value = settings.text(key, defaultValue);
        if (!NAME.matcher(value).matches()) {
            settings.error(key, "must be letters, digits, dots, hyphens and underscores, not '" + value + "'");
        }
        return value;
    }

    private static void needs(Settings settings, boolean chosen, String key, boolean empty) {
        if (chosen && empty) {
            settings.error(key, "is missing, which cluster.join: " + key + " needs");
        } else if (!chosen && !empty) {
            settings.error(key, "has no use without cluster.join: " + key);
        }
    }

    private static List<String> places(Settings settings, List<String> written, int port) {
        List<String> places = new ArrayList<>();
        for (String place : written) {
            Matcher parts = PLACE.matcher(place);
            boolean fits = parts.matches();
            int given = fits && parts.group(2) != null ? Integer.parseInt(parts.group(2)) : port;
            if (!fits || given < 1 || given > 65_535) {
                settings.error("seeds", "'" + place + "' is not of the form host:port");
            } else {
                places.add(parts.group(1) + ':' + given);
            }
        }
        return List.copyOf(places);
    }

    private static Duration seconds(Settings settings, String key, Duration defaultValue) {
        Duration value = settings.duration(key, defaultValue);
        if (value.toMillis() % 1000 != 0 || value.toSeconds() < 2 || value.toSeconds() > MAX_SECONDS) {
            settings.error(key, "must be whole seconds from 2 s to 5 min");
            return defaultValue;
        }
        return value;
    }
}
