package im.stanzabus.s2s;

import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.s2s.component.ComponentsConfig;
import im.stanzabus.s2s.dialback.DialbackKey;
import im.stanzabus.s2s.dialback.DialbackLimits;
import im.stanzabus.s2s.dns.DnsConfig;
import im.stanzabus.s2s.policy.DomainPolicies;
import im.stanzabus.s2s.policy.PeerLimits;
import im.stanzabus.s2s.policy.QueueLimits;
import im.stanzabus.s2s.policy.StreamTimeouts;
import im.stanzabus.s2s.remote.Backoff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

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
/// @param components external components
record S2sConfig(
        String address,
        int port,
        boolean directTls,
        int directTlsPort,
        Written certificates,
        Duration certificateCheck,
        Written authorities,
        DnsConfig dns,
        String dialbackSecret,
        boolean bidirectional,
        boolean streamManagement,
        int instances,
        DomainPolicies policies,
        QueueLimits queue,
        PeerLimits limits,
        DialbackLimits dialback,
        StreamTimeouts timeouts,
        Backoff.Rule retry,
        Duration drain,
        ComponentsConfig components) {
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

    static S2sConfig read(Settings settings) {
        Settings direct = settings.section("direct-tls");
        Settings limits = settings.section("limits");
        Settings components = settings.section("components");
        S2sConfig read = new S2sConfig(
                settings.text("host", "0.0.0.0"),
                settings.number("port", 5269, 0, 65_535),
                direct.flag("enabled", true),
                direct.number("port", 5270, 0, 65_535),
                Written.read(settings, "certificates"),
                settings.duration("certificate-check", Duration.ofSeconds(5)),
                Written.read(settings, "authorities"),
                DnsConfig.read(settings.section("dns")),
                secret(settings),
                settings.flag("bidirectional", true),
                settings.flag("stream-management", true),
                settings.number("instances", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 1, 256),
                DomainPolicies.read(settings),
                QueueLimits.read(settings.section("queue")),
                PeerLimits.read(limits),
                dialback(limits),
                StreamTimeouts.read(settings.section("timeouts")),
                Backoff.Rule.read(settings.section("retry")),
                settings.duration("drain", Duration.ofSeconds(5)),
                ComponentsConfig.read(components));
        if (read.directTls() && read.port() != 0 && read.port() == read.directTlsPort()) {
            // both could be listened on, and servers would get now the one and now the other
            direct.error("port", "is the same as s2s-gateway.port");
        }
        int port = read.components().isListening() ? read.components().port() : 0;
        if (port != 0 && (port == read.port() || (read.directTls() && port == read.directTlsPort()))) {
            components.error("port", "is one that other servers connect to");
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
