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
}
