package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/// A cluster on loopback whose first member listens at the one seed that all members are given.
record SeededCluster(int seed) {
    static SeededCluster onAFreePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new SeededCluster(socket.getLocalPort());
        }
    }

    HazelcastMembership first(String node, String version) {
        return join(node, version, seed);
    }

    HazelcastMembership another(String node, String version) {
        return join(node, version, 0);
    }

    private HazelcastMembership join(String node, String version, int port) {
        return HazelcastMembership.join(new JoinSettings(
                JoinSettings.Way.SEEDS,
                "test-" + seed,
                new NodeId(node),
                version,
                1,
                "installation",
                "127.0.0.1",
                "",
                port,
                List.of("127.0.0.1:" + seed),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5)));
    }
}
