package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;

/// The entity capabilities (XEP-0115) of a virtual host, for the stream features (section 6.3), asked at
/// {@link im.stanzabus.bus.Addresses#CAPS}. Answered with {@link Caps}.
///
/// @param host a virtual host of the installation
public record CapsRequest(String host) implements BusMessage {
    /// What `<c/>` says: the hash is that of the host's disco#info.
    ///
    /// @param node a URI that names the software
    /// @param ver the verification string, hashed with SHA-1
    public record Caps(String node, String ver) implements BusMessage {}
}
