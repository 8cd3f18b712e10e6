package im.stanzabus.cluster.lease;

import im.stanzabus.bus.NodeId;

/// A process as PostgreSQL knows it.
///
/// @param cluster the name of its cluster; empty if it is alone
/// @param address where others join it, `host:port`; empty if it is alone
/// @param protocol of what processes say to each other
public record BusNode(NodeId node, String cluster, String address, String version, int protocol) {
    public boolean isAlone() {
        return cluster.isEmpty();
    }

    BusNode at(String reachable) {
        return new BusNode(node, cluster, reachable, version, protocol);
    }
}
