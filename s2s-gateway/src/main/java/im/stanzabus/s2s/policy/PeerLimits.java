package im.stanzabus.s2s.policy;

import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.xml.StreamLimits;

/// How much other servers may take.
///
/// @param connections from outside at the same time, in this process; 0 for no limit
/// @param connectionsPerAddress at the same time, from one IP address; 0 for no limit
/// @param streamsPerPair that one remote domain may have opened to one domain of this process
/// @param beforeAuthentication limits of one element before a domain is authorized
/// @param bytesBeforeAuthentication all that may be sent before
/// @param afterAuthentication limits of one element afterwards
/// @param bytesPerSecond what is read from one connection on average; 0 for no limit
/// @param unconfirmedStanzas how many stanzas of a stream may be on their way to the owners of
///     accounts
/// @param unconfirmedBytes of those stanzas
/// @param outgoingBytes what may wait for a peer that does not read
public record PeerLimits(
        int connections,
        int connectionsPerAddress,
        int streamsPerPair,
        StreamLimits beforeAuthentication,
        int bytesBeforeAuthentication,
        StreamLimits afterAuthentication,
        int bytesPerSecond,
        int unconfirmedStanzas,
        int unconfirmedBytes,
        int outgoingBytes) {
    /// More than clients may: a stanza gains addresses and more on its way, and must not be too
    /// large for the next server.
    private static final int STANZA_BYTES = 2 * StreamLimits.DEFAULT.maxStanzaBytes();

    public static PeerLimits read(Settings settings) {
        StreamLimits usual = StreamLimits.DEFAULT;
        return new PeerLimits(
                settings.number("connections", 0, 0, Integer.MAX_VALUE),
                settings.number("connections-per-address", 1000, 0, Integer.MAX_VALUE),
                settings.number("streams-per-pair", 10, 1, Integer.MAX_VALUE),
                new StreamLimits(
                        settings.bytes("stanza-bytes-before-authentication", 16_384, 4_096, 1 << 20),
                        16,
                        32,
                        usual.maxNameBytes()),
                settings.bytes("bytes-before-authentication", 65_536, 8_192, 1 << 24),
                // RFC 6120 section 13.12 wants at least 10000 bytes to be possible
                new StreamLimits(
                        settings.bytes("stanza-bytes", STANZA_BYTES, 10_000, 1 << 26),
                        settings.number("depth", usual.maxDepth(), 8, 1_000),
                        settings.number("attributes", usual.maxAttributes(), 8, 1_000),
                        usual.maxNameBytes()),
                settings.bytes("bytes-per-second", 0, 0, Integer.MAX_VALUE),
                settings.number("unconfirmed-stanzas", 1_000, 64, 100_000),
                settings.bytes("unconfirmed-bytes", 4 << 20, 65_536, 1 << 30),
                settings.bytes("outgoing-bytes", 8 << 20, 65_536, 1 << 30));
    }
}
