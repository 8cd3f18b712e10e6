package im.stanzabus.s2s.dns;

import java.util.List;

/// What DNS says of where a domain is served.
public sealed interface Location {
    /// The domain may be served here.
    ///
    /// @param targets in the order in which they are to be tried; never empty
    record Served(List<Target> targets) implements Location {}

    /// The domain says that it has no XMPP service, or its name cannot be in DNS: `remote-server-not-found`
    /// (RFC 6120 section 8.3.3.16).
    ///
    /// @param why one line for the log
    record NotServed(String why) implements Location {}

    /// The name servers did not say: `remote-server-timeout` (RFC 6120 section 8.3.3.17).
    ///
    /// @param why one line for the log
    record Unknown(String why) implements Location {}
}
