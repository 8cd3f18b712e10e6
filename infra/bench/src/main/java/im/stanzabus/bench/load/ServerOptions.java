package im.stanzabus.bench.load;

import im.stanzabus.bench.load.client.Accounts;
import im.stanzabus.bench.load.client.Auth;
import im.stanzabus.bench.load.client.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the server is, and who its users are.
final class ServerOptions {
    private static final int PATIENCE_MILLIS = 5000;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_SOURCES = 250;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            split = ",",
            defaultValue = "localhost",
            description = "Name or address; of a cluster several, to which users connect in turn (${DEFAULT-VALUE}).")
    private List<String> hosts = List.of();

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port for clients (${DEFAULT-VALUE}).")
    private int port = 5222;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "The users' domain (that of --host).")
    private @Nullable String domain;

    @Option(
            names = "--tls",
            description = "Use STARTTLS, with a full handshake for each connection. Any certificate will do.")
    private boolean tls;

    @Option(
            names = "--auth",
            paramLabel = "MECHANISM",
            description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Auth auth = Auth.AUTO;

    @Option(
            names = "--user",
            paramLabel = "PATTERN",
            description = "The users' names; %%d stands for their numbers (${DEFAULT-VALUE}).")
    private String user = "u%d";

    @Option(names = "--password", paramLabel = "PATTERN", description = "Their passwords, likewise (${DEFAULT-VALUE}).")
    private String password = "pw%d";

    @Option(names = "--first", paramLabel = "N", description = "The first user's number (${DEFAULT-VALUE}).")
    private int first;

    @Option(
            names = "--register",
            description = "Make the accounts first, where the server lets anybody do so (XEP-0077).")
    private boolean register;

    @Option(
            names = "--source-addresses",
            paramLabel = "N",
            description =
                    "Come from 127.0.0.1 to 127.0.0.N, since one address has about 28 000 ports (${DEFAULT-VALUE}).")
    private int sourceAddresses = 1;

    boolean isToRegister() {
        return register;
    }

    private String domain() {
        return domain == null ? hosts.getFirst() : domain;
    }

    Accounts accounts() {
        return new Accounts(user, password, first, domain());
    }

    /// @throws IllegalArgumentException if there is no such place
    Target target() throws IOException {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("there is no port " + port);
        }
        List<InetSocketAddress> addresses =
                hosts.stream().map(host -> new InetSocketAddress(host, port)).toList();
        for (InetSocketAddress address : addresses) {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("there is no host " + address.getHostString());
            }
        }
        return new Target(addresses, domain(), tls, auth, "bench", sources(addresses));
    }

    private List<InetAddress> sources(List<InetSocketAddress> addresses) throws IOException {
        if (sourceAddresses < 1 || sourceAddresses > MAX_SOURCES) {
            throw new IllegalArgumentException("--source-addresses must be from 1 to " + MAX_SOURCES);
        }
        List<InetAddress> sources = new ArrayList<>();
        if (sourceAddresses > 1) {
            if (!addresses.stream().allMatch(address -> address.getAddress().isLoopbackAddress())) {
                throw new IllegalArgumentException("--source-addresses is for a server on this machine");
            }
            for (int i = 1; i <= sourceAddresses; i++) {
                sources.add(InetAddress.getByName("127.0.0." + i));
            }
        }
        return sources;
    }

    /// Makes sure that somebody listens, so that who mistyped is told so and not how many users could not log in.
    ///
    /// @throws IllegalArgumentException if nobody does
    void probe(Target target) {
        for (InetSocketAddress address : target.addresses()) {
            try (Socket socket = new Socket()) {
                socket.connect(address, PATIENCE_MILLIS);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "no server at " + address.getHostString() + ":" + port + " (" + e.getMessage() + ")", e);
            }
        }
    }

    /// For the report.
    String text() {
        String where = String.join(",", hosts) + ":" + port;
        return where + (hosts.contains(domain()) ? "" : ", domain " + domain());
    }
}
