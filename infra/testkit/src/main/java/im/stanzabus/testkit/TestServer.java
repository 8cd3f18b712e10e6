package im.stanzabus.testkit;

import java.net.InetSocketAddress;

/// A running server as tests see it. Safe from any thread.
public interface TestServer {
    /// The password of all users that {@link #createUser} makes.
    String PASSWORD = "wherefore art thou";

    /// The first of its domains.
    String host();

    /// Where it takes connections that begin without TLS.
    InetSocketAddress address();

    /// Where it takes connections that begin with TLS (XEP-0368).
    InetSocketAddress tlsAddress();

    /// Makes an account with the {@link #PASSWORD}.
    void createUser(String local, String domain);

    /// Makes an account by registration (XEP-0077 section 3.1), for servers that give tests no better way.
    ///
    /// @return false if there is that account already
    /// @throws IllegalStateException if the server refuses for another reason
    static boolean register(TestServer server, String local, String domain) {
        try (TestStream stream = TestStream.secured(server, domain)) {
            stream.connection()
                    .send("<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>" + local
                            + "</username><password>" + PASSWORD + "</password></query></iq>");
            Xml answer = stream.connection().element();
            if (answer.attribute("type").equals("result")) {
                return true;
            }
            if (answer.child("error").hasChild("conflict", Streams.STANZA_ERRORS)) {
                return false;
            }
            throw new IllegalStateException("no account: " + answer);
        }
    }
}
