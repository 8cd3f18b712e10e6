package im.stanzabus.s2s;

import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.dialback.DialbackKey;
import im.stanzabus.s2s.dialback.DialbackLimits;
import im.stanzabus.s2s.policy.DomainPolicies;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.s2s.policy.Retry;
import im.stanzabus.s2s.policy.StreamTimeouts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the section `s2s-gateway` of the configuration says of other servers. Every key is
/// described in the module's README.
///
/// @param address the local address to listen on
/// @param port for streams that begin in plain text; 0 for any free one
/// @param directTls listen for streams that begin with TLS (XEP-0368)
/// @param directTlsPort the port for them; 0 for any free one
/// @param certificates folder with certificates; the empty path for none but those made at the
///     first start
/// @param certificateCheck how often changed certificates are looked for
/// @param authorities PEM file with the issuers of other servers' certificates; the empty path
///     for those of the JDK
/// @param dialbackSecret the secret of dialback keys; empty for one that all processes of the
///     installation know
/// @param bidirectional whether streams may carry stanzas both ways (XEP-0288)
/// @param streamManagement whether stanzas are acknowledged (XEP-0198)
/// @param instances how many event loops serve connections
/// @param drain how long streams are ended over when the server stops and others take over
record S2sConfig(
        String address,
        int port,
        boolean directTls,
        int directTlsPort,
        Written certificates,
        Duration certificateCheck,
        Written authorities,
        Dns dns,
        String dialbackSecret,
        boolean bidirectional,
        boolean streamManagement,
        int instances,
        DomainPolicies policies,
        QueueLimits queue,
        PeerLimits limits,
        DialbackLimits dialback,
        StreamTimeouts timeouts,
        Retry retry,
        Duration drain) {
    private static final int LEAST_SECRET = 16;

    /// A file or folder with the place where it is written, for what is wrong with it shows
    /// later.
    ///
    /// @param path empty if none is given
    record Written(Path path, ConfigPlace place) {
        static Written read(Settings settings, String key) {
            return new Written(settings.path(key, Path.of("")), settings.place(key));
        }

        boolean isGiven() {
            return !path.toString().isEmpty();
        }
    }

    /// Who is asked for the addresses of domains.
    ///
    /// @param servers empty for those of the operating system
    /// @param timeout for one question to one server
    record Dns(List<InetSocketAddress> servers, Duration timeout) {
        private static final int PORT = 53;
        private static final int LARGEST_PORT = 65_535;

        /// An address of IPv6 has brackets if a port follows.
        private static final Pattern WITH_PORT = Pattern.compile("([^:\\[\\]]+|\\[[^\\]]+])(?::([0-9]{1,5}))?");

        static Dns read(Settings settings) {
            List<InetSocketAddress> servers = new ArrayList<>();
            for (String text : settings.list("servers", List.of())) {
                InetSocketAddress server = server(text);
                if (server == null) {
                    settings.error("servers", "must be IP addresses, with or without a port, not '" + text + "'");
                } else {
                    servers.add(server);
                }
            }
            Duration timeout = settings.duration("timeout", Duration.ofSeconds(5));
            if (timeout.isZero()) {
                settings.error("timeout", "must be more than 0");
            }
            return new Dns(List.copyOf(servers), timeout);
        }

        private static @Nullable InetSocketAddress server(String text) {
            Matcher matcher = WITH_PORT.matcher(text);
            boolean withPort = matcher.matches();
            String address = withPort ? matcher.group(1) : text;
            String digits = withPort ? matcher.group(2) : null;
            int port = digits == null ? PORT : Integer.parseInt(digits);
            if (port < 1 || port > LARGEST_PORT) {
                return null;
            }
            try {
                return new InetSocketAddress(InetAddress.ofLiteral(address), port);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }

    static S2sConfig read(Settings settings) {
        Settings direct = settings.section("direct-tls");
        Settings limits = settings.section("limits");
        S2sConfig read = new S2sConfig(
                settings.text("host", "0.0.0.0"),
                settings.number("port", 5269, 0, 65_535),
                direct.flag("enabled", true),
                direct.number("port", 5270, 0, 65_535),
                Written.read(settings, "certificates"),
                settings.duration("certificate-check", Duration.ofSeconds(5)),
                Written.read(settings, "authorities"),
                Dns.read(settings.section("dns")),
                secret(settings),
                settings.flag("bidirectional", true),
                settings.flag("stream-management", true),
                settings.number("instances", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 1, 256),
                DomainPolicies.read(settings),
                QueueLimits.read(settings.section("queue")),
                PeerLimits.read(limits),
                dialback(limits),
                StreamTimeouts.read(settings.section("timeouts")),
                Retry.read(settings.section("retry")),
                settings.duration("drain", Duration.ofSeconds(5)));
        if (read.directTls() && read.port() != 0 && read.port() == read.directTlsPort()) {
            // both could be listened on, and servers would get now the one and now the other
            direct.error("port", "is the same as s2s-gateway.port");
        }
        return read;
    }

    private static String secret(Settings settings) {
        String secret = settings.secret("dialback-secret", "");
        if (!secret.isEmpty() && secret.length() < LEAST_SECRET) {
            settings.error("dialback-secret", "must have at least " + LEAST_SECRET + " characters");
        }
        return secret;
    }

    /// What makes the keys of dialback: the same in every process, for any of them may be asked
    /// about a key that another one has made.
    DialbackKey dialbackKey(ServiceContext context) {
        return new DialbackKey(
                dialbackSecret.isEmpty()
                        ? context.secret("dialback")
                        : dialbackSecret.getBytes(StandardCharsets.UTF_8));
    }

    private static DialbackLimits dialback(Settings limits) {
        DialbackLimits usual = DialbackLimits.DEFAULT;
        return new DialbackLimits(
                limits.number("domains-per-stream", usual.pairs(), 1, 100_000),
                limits.number("pending-dialbacks", usual.pending(), 1, 10_000),
                limits.number("failed-dialbacks", usual.failures(), 1, 10_000),
                limits.number("dialback-questions", usual.verifications(), 1, 100_000));
    }
}
