package im.stanzabus.s2s.dns;

import java.net.InetAddress;

/// The data of one record.
sealed interface ResourceRecord {
    /// A service (RFC 2782).
    ///
    /// @param target a host name in lower case without the dot at its end; empty where the record says that the
    ///     service is not offered
    record Srv(int priority, int weight, int port, String target) implements ResourceRecord {
        /// Whether there is somebody to connect to.
        boolean isOffered() {
            return !target.isEmpty() && port != 0;
        }
    }

    /// An address of a host.
    record Address(InetAddress address) implements ResourceRecord {}
}
