package im.stanzabus.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A server that runs anyway, of whatever make, so that scripts can be tried against other people's reading of the
/// specifications. Accounts are made by registration (XEP-0077), which it must allow.
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
        try (TestStream stream = TestStream.secured(this, domain)) {
            stream.connection()
                    .send("<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>" + user
                            + "</username><password>" + PASSWORD + "</password></query></iq>");
            Xml answer = stream.connection().element();
            if (!answer.attribute("type").equals("result")) {
                throw new IllegalStateException("no account: " + answer);
            }
        }
    }
}
