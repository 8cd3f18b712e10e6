package im.stanzabus.bench.load.client;

/// A user of the server.
///
/// @param index its place in the crowd, from 0
public record Account(int index, String name, String password, String domain) {
    /// The bare JID.
    public String jid() {
        return name + "@" + domain;
    }
}
