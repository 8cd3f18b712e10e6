package im.stanzabus.s2s.policy;

/// Where a domain's server is, instead of what DNS says.
///
/// @param host a name or an address
/// @param directTls the connection begins with TLS (XEP-0368)
public record Destination(String host, int port, boolean directTls) {
    static final int PORT = 5269;
    static final int DIRECT_TLS_PORT = 5270;
}
