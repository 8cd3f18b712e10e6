package im.stanzabus.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A server that runs anyway, of whatever make, so that scripts can be tried against other people's reading of the
/// specifications. It must allow registration.
///
/// @param address for connections that begin without TLS
/// @param tlsAddress for direct TLS
record ForeignServer(String host, InetSocketAddress address, InetSocketAddress tlsAddress) implements TestServer {
    /// From `domain:port:tls-port`, all on this machine.
    static ForeignServer parse(String text) {
        String[] parts = text.split(":", -1);
        return new ForeignServer(parts[0], local(parts[1]), local(parts[2]));
    }

    private static InetSocketAddress local(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    @Override
    public void createUser(String user, String domain) {
        if (!TestServer.register(this, user, domain)) {
            throw new IllegalStateException("there is an account " + user + "@" + domain + " already");
        }
    }
}
