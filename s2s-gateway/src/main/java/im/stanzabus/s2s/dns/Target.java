package im.stanzabus.s2s.dns;

/// Where a domain is served.
///
/// @param host a host name in ASCII, or an IP address without brackets
/// @param directTls whether the stream begins with TLS (XEP-0368) rather than in plain text
public record Target(String host, int port, boolean directTls) {
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port + (directTls ? " (TLS)" : "");
    }
}
