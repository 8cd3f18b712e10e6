package im.stanzabus.bench.link;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.peer.OpenNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// This server with all services and a database of its own, started by the command that its users have. To be used
/// by one thread.
final class StanzabusProcess implements TestServer, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder = EmbeddedServer.newFolder();
    private final List<String> domains;
    private final int clients = freePort();
    private final int servers = freePort();
    private final Process process;

    /// Starts it and waits until clients can connect.
    ///
    /// @param domains that it serves, all of them below the first one but that itself
    StanzabusProcess(Path home, OpenNetwork network, List<String> domains) throws IOException, InterruptedException {
        this.domains = domains;
        String first = domains.getFirst();
        network.authority().forHost(first, "*." + first).issue().write(folder.resolve("certificates"), first);
        for (String domain : domains.subList(1, domains.size())) {
            for (String kind : List.of(".crt", ".key")) {
                Files.createSymbolicLink(folder.resolve("certificates", domain + kind), Path.of(first + kind));
            }
        }
        Files.writeString(folder.resolve("authorities.pem"), network.authority().authorityPem());
        Files.writeString(
                folder.resolve("stanzabus.yaml"), configuration(network.dns().address()));
        domains.forEach(domain -> network.publish(domain, servers));
        process = new ProcessBuilder(home.resolve("stanzabus").toString(), "run")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        awaitReadiness();
    }

    private String configuration(InetSocketAddress dns) {
        return """
                hosts: [%s]
                data: data
                http: {port: 0}
                log: {level: warn}
                auth-service: {registration: {per-address: 1000000}, throttle: {per-address: 1000000}}
                c2s-gateway:
                  host: 127.0.0.1
                  port: %d
                  starttls: optional
                  direct-tls: {enabled: false}
                  certificates: certificates
                s2s-gateway:
                  host: 127.0.0.1
                  port: %d
                  direct-tls: {enabled: false}
                  certificates: certificates
                  authorities: authorities.pem
                  dns: {servers: ["127.0.0.1:%d"]}
                  limits: {connections-per-address: 0}
                """.formatted(
                        domains.stream()
                                .map(domain -> "{domain: " + domain + ", registration: true, archive: false}")
                                .collect(Collectors.joining(",\n  ")),
                        clients,
                        servers,
                        dns.getPort());
    }

    private void awaitReadiness() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!answers()) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS) || Instant.now().isAfter(deadline)) {
                throw new IOException("the server did not start: " + Files.readString(folder.resolve("output")));
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Side side() {
        return new Side(this, process.toHandle(), servers);
    }

    @Override
    public String host() {
        return domains.getFirst();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), clients);
    }

    @Override
    public InetSocketAddress tlsAddress() {
        throw new UnsupportedOperationException("clients here do without TLS");
    }

    @Override
    public void createUser(String local, String domain) {
        TestServer.register(this, local, domain);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        EmbeddedServer.delete(folder);
    }
}
