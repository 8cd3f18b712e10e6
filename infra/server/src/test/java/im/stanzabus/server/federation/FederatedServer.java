package im.stanzabus.server.federation;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.peer.OpenNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// Our server on a network of its own: it asks the network's name server, shows a certificate of
/// the network's authority and trusts that authority.
///
/// @param server whose domain is {@link #HERE}
record FederatedServer(OpenNetwork network, EmbeddedServer server) implements AutoCloseable {
    static final String HERE = "montague.example";

    /// @param name for the folder of its peers below the build folder
    /// @param settings more of the section `s2s-gateway`, a line each
    static FederatedServer start(String name, String... settings) throws IOException {
        OpenNetwork network = new OpenNetwork(Path.of("target", "peers", name));
        try {
            FederatedServer started = new FederatedServer(network, start(network, settings));
            started.publish();
            return started;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static EmbeddedServer start(OpenNetwork network, String... settings) throws IOException {
        Path folder = EmbeddedServer.newFolder();
        network.authority().forHost(HERE).issue().write(folder.resolve("certificates"), HERE);
        Files.writeString(folder.resolve("authorities.pem"), network.authority().authorityPem());
        String yaml = """
                data: data
                http: {port: 0}
                log: {level: warn}
                hosts: [{domain: %s}]
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}, certificates: certificates}
                s2s-gateway:
                  host: 127.0.0.1
                  port: 0
                  direct-tls: {port: 0}
                  certificates: certificates
                  authorities: authorities.pem
                  dns: {servers: ["127.0.0.1:%d"]}
                """.formatted(HERE, network.dns().address().getPort());
        StringBuilder all = new StringBuilder(yaml);
        for (String setting : settings) {
            all.append("  ").append(setting).append('\n');
        }
        return new EmbeddedServer(all.toString(), folder);
    }

    /// Where other servers connect to.
    ///
    /// @param key below `s2s-gateway`, such as `port`
    InetSocketAddress address(String key) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.running().port("s2s-gateway." + key));
    }

    /// A server of the network, without TLS, that is found and does what a test says.
    PlayedServer plays(String domain) throws IOException {
        PlayedServer played = PlayedServer.plain(domain);
        network.publish(domain, played.port());
        return played;
    }

    /// It is found where streams begin without TLS.
    void publish() {
        network.withdraw(HERE);
        network.publish(HERE, address("port").getPort());
    }

    /// It is found where streams begin with TLS, and nowhere else (XEP-0368).
    void publishTls() {
        network.withdraw(HERE);
        network.publishTls(HERE, address("direct-tls.port").getPort());
    }

    /// How many connections with other servers there are.
    ///
    /// @param direction `incoming` or `outgoing`
    int streams(String direction) {
        return streams(server, direction);
    }

    static int streams(EmbeddedServer server, String direction) {
        return (int) server.running()
                .context()
                .metrics()
                .get("stanzabus.s2s.streams." + direction)
                .gauge()
                .value();
    }

    @Override
    public void close() {
        try (network) {
            server.close();
        }
    }
}
