package im.stanzabus.c2s;

import im.stanzabus.launcher.config.ConfigPlace;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.xml.StreamLimits;
import im.stanzabus.stream.StreamInput;
import im.stanzabus.stream.tls.TlsEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The section `c2s-gateway` of the configuration. Every key is described in the module's README.
///
/// @param address the local address to listen on
/// @param port for streams that begin in plain text; 0 for any free one
/// @param startTls whether such streams must be secured before login
/// @param directTls listen for streams that begin with TLS (XEP-0368)
/// @param directTlsPort the port for them; 0 for any free one
/// @param tlsEngine what does the cryptography
/// @param certificates folder with certificates; the empty path for none but those made at the first start
/// @param certificateCheck how often changed certificates are looked for
/// @param clientAuthorities PEM file with the issuers of client certificates; the empty path for none
/// @param instances how many event loops serve connections
/// @param drain how long the streams of clients are ended over when the server stops and others take over
record C2sConfig(
        String address,
        int port,
        StartTls startTls,
        boolean directTls,
        int directTlsPort,
        TlsEngine tlsEngine,
        Written certificates,
        Duration certificateCheck,
        Written clientAuthorities,
        int instances,
        Limits limits,
        Timeouts timeouts,
        StreamManagement streamManagement,
        Duration drain) {
    private static final Duration STOP_MARGIN = Duration.ofSeconds(4);

    /// A file or folder with the place where it is written, for what is wrong with it shows later.
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

    /// What TLS is to a stream that begins in plain text.
    enum StartTls {
        /// Nothing but STARTTLS is done before.
        REQUIRED,
        /// Login without TLS is possible, with the mechanisms that auth-service offers then.
        OPTIONAL
    }

    /// How much clients may take.
    ///
    /// @param connections at the same time, in this process; 0 for no limit
    /// @param connectionsPerAddress at the same time, from one IP address; 0 for no limit
    /// @param beforeLogin limits of one element before login
    /// @param bytesBeforeLogin all that may be sent before login
    /// @param afterLogin limits of one element after login
    /// @param bytesPerSecond what is read from one connection on average; 0 for no limit
    /// @param loginAttempts failed logins on one stream
    /// @param unconfirmedStanzas how many stanzas of a client may be on their way to the owner of its account
    /// @param outgoingBytes what may wait for a client that does not read
    record Limits(
            int connections,
            int connectionsPerAddress,
            StreamLimits beforeLogin,
            int bytesBeforeLogin,
            StreamLimits afterLogin,
            int bytesPerSecond,
            int loginAttempts,
            int unconfirmedStanzas,
            int outgoingBytes) {

        static Limits read(Settings settings) {
            StreamLimits defaults = StreamLimits.DEFAULT;
            return new Limits(
                    settings.number("connections", 0, 0, Integer.MAX_VALUE),
                    settings.number("connections-per-address", 1_000, 0, Integer.MAX_VALUE),
                    new StreamLimits(
                            settings.bytes("stanza-bytes-before-login", 16_384, 4_096, 1 << 20),
                            16,
                            32,
                            defaults.maxNameBytes()),
                    settings.bytes("bytes-before-login", 65_536, 8_192, 1 << 24),
                    // RFC 6120 section 13.12 wants at least 10000 bytes to be possible
                    new StreamLimits(
                            settings.bytes("stanza-bytes", defaults.maxStanzaBytes(), 10_000, 1 << 26),
                            settings.number("depth", defaults.maxDepth(), 8, 1_000),
                            settings.number("attributes", defaults.maxAttributes(), 8, 1_000),
                            defaults.maxNameBytes()),
                    settings.bytes("bytes-per-second", 0, 0, Integer.MAX_VALUE),
                    settings.number("login-attempts", 5, 1, 100),
                    settings.number("unconfirmed-stanzas", 256, 64, 100_000),
                    settings.bytes("outgoing-bytes", 4 << 20, 65_536, 1 << 30));
        }

        StreamInput.Limits input() {
            return new StreamInput.Limits(beforeLogin, bytesBeforeLogin, afterLogin, bytesPerSecond);
        }
    }

    /// How long is waited.
    ///
    /// @param handshake for a TLS handshake
    /// @param login from the start of a connection until a resource is bound
    /// @param idle without a byte from the client until it is asked whether it is there
    /// @param ping for the answer
    /// @param close for the client to close its side at the end of a stream
    record Timeouts(Duration handshake, Duration login, Duration idle, Duration ping, Duration close) {
        static Timeouts read(Settings settings) {
            return new Timeouts(
                    settings.duration("handshake", Duration.ofSeconds(10)),
                    settings.duration("login", Duration.ofSeconds(60)),
                    settings.duration("idle", Duration.ofMinutes(5)),
                    settings.duration("ping", Duration.ofSeconds(30)),
                    settings.duration("close", Duration.ofSeconds(2)));
        }
    }

    /// XEP-0198.
    ///
    /// @param resumeSeconds how long a stream may be resumed if the client does not say
    /// @param maxResumeSeconds how long at most
    /// @param detachedBytes how much the streams that wait to be resumed may hold, in all instances together
    /// @param location where a client should come back to; empty for where it came first
    record StreamManagement(int resumeSeconds, int maxResumeSeconds, int detachedBytes, String location) {
        /// An address of IPv6 has brackets if a port follows.
        private static final Pattern WITH_PORT = Pattern.compile("(?:[^:\\[\\]]+|\\[[^\\]]*]):(.*)");

        static StreamManagement read(Settings settings) {
            int most = settings.number("max-resume-seconds", 900, 1, 86_400);
            StreamManagement read = new StreamManagement(
                    settings.number("resume-seconds", Math.min(300, most), 1, 86_400),
                    most,
                    settings.bytes("detached-bytes", 256 << 20, 1 << 20, Integer.MAX_VALUE),
                    settings.text("location", ""));
            if (read.resumeSeconds() > most) {
                settings.error("resume-seconds", "must not be more than max-resume-seconds, which is " + most);
            }
            if (!isPlace(read.location())) {
                settings.error("location", "must be a host name or an address, with or without a port");
            }
            return read;
        }

        private static boolean isPlace(String text) {
            if (text.chars().anyMatch(c -> c <= ' ')) {
                return false;
            }
            Matcher withPort = WITH_PORT.matcher(text);
            if (!withPort.matches()) {
                return true;
            }
            String port = withPort.group(1);
            return port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535;
        }

        /// How long a stream may be resumed.
        ///
        /// @param wanted what the client wants; negative if it does not say
        int seconds(long wanted) {
            return (int) Math.min(maxResumeSeconds, wanted < 0 ? resumeSeconds : wanted);
        }
    }

    static C2sConfig read(Settings settings) {
        Settings direct = settings.section("direct-tls");
        C2sConfig read = new C2sConfig(
                settings.text("host", "0.0.0.0"),
                settings.number("port", 5222, 0, 65_535),
                settings.choice("starttls", StartTls.REQUIRED),
                direct.flag("enabled", true),
                direct.number("port", 5223, 0, 65_535),
                settings.choice("tls-engine", TlsEngine.JDK),
                Written.read(settings, "certificates"),
                settings.duration("certificate-check", Duration.ofSeconds(5)),
                Written.read(settings, "client-authorities"),
                settings.number("instances", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 1, 256),
                Limits.read(settings.section("limits")),
                Timeouts.read(settings.section("timeouts")),
                StreamManagement.read(settings.section("stream-management")),
                settings.duration("drain", Duration.ofSeconds(5)));
        if (read.directTls() && read.port() != 0 && read.port() == read.directTlsPort()) {
            // both could be listened on, and clients would get now the one and now the other
            direct.error("port", "is the same as c2s-gateway.port");
        }
        String missing = read.tlsEngine().missing();
        if (!missing.isEmpty()) {
            settings.error("tls-engine", "openssl cannot be used on this machine: " + missing);
        }
        return read;
    }

    /// How long it takes at most until all sockets are closed, if streams are ended over this time.
    Duration closing(long drainMillis) {
        return timeouts.close().plusMillis(drainMillis).plus(STOP_MARGIN);
    }

    /// Whether login is refused on a stream without TLS.
    boolean tlsRequired() {
        return startTls == StartTls.REQUIRED;
    }
}
