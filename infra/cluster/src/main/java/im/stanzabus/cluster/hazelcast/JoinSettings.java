package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.NodeId;
import java.time.Duration;
import java.util.List;

/// How a process joins its cluster.
///
/// @param way how it finds the others
/// @param cluster the cluster's name
/// @param node the process's own name
/// @param version of Stanzabus
/// @param protocol of what processes say to each other: only equal ones go together
/// @param installation the id of the database they share
/// @param host to listen on
/// @param publicHost the address that others use; empty if it is the one to listen on
/// @param port to listen on; 0 for any free one
/// @param seeds where others may be, `host:port` each
/// @param known where living members are known to be, `host:port` each
/// @param patience how long a seed is waited for
/// @param deadAfter how long nothing is heard of a member until it counts as dead
public record JoinSettings(
        Way way,
        String cluster,
        NodeId node,
        String version,
        int protocol,
        String installation,
        String host,
        String publicHost,
        int port,
        List<String> seeds,
        List<String> known,
        Duration patience,
        Duration deadAfter) {
    /// How others are found.
    public enum Way {
        /// Some addresses are given.
        SEEDS,
        /// A name has the addresses of all, such as that of a headless service.
        DNS,
        /// They hear each other on the local network.
        MULTICAST
    }

    public JoinSettings {
        seeds = List.copyOf(seeds);
        known = List.copyOf(known);
    }
}
