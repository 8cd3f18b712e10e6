package im.stanzabus.server.federation;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.peer.OpenNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Our server on a network of its own: it asks the network's name server, shows a certificate of
/// the network's authority and trusts that authority.
///
/// @param server whose domain is {@link #HERE}
record FederatedServer(OpenNetwork network, EmbeddedServer server) implements AutoCloseable {
    static final String HERE = "montague.example";

    /// @param name for the folder of its peers below the build folder
    static FederatedServer start(String name) throws IOException {
        return start(name, "");
    }

    /// @param more what else is said about other servers, indented by two blanks
    static FederatedServer start(String name, String more) throws IOException {
        OpenNetwork network = new OpenNetwork(Path.of("target", "peers", name));
        try {
            FederatedServer started = new FederatedServer(network, start(network, more));
            network.publish(HERE, started.server.running().port("s2s-gateway.port"));
            return started;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static EmbeddedServer start(OpenNetwork network, String more) throws IOException {
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
                  policies:
                    - {domain: '*.strict.example', authentication: certificate}
                    - {domain: '*.plain.example', tls: optional}
                """;
        return new EmbeddedServer(yaml.formatted(HERE, network.dns().address().getPort()) + more, folder);
    }

    @Override
    public void close() {
        try (network) {
            server.close();
        }
    }
}
