package im.stanzabus.server.federation;

import im.stanzabus.testkit.TestCertificates.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/// The server of another domain, played by a test step by step: one connection after the other, and on each what the
/// test says. To be used by the test's thread.
final class PlayedServer implements AutoCloseable {
    /// Says that stanzas can be acknowledged (XEP-0198).
    static final String ACKNOWLEDGEMENTS = "<sm xmlns='urn:xmpp:sm:3'/>";

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int BUFFER = 65_536;

    private final String domain;
    private final ServerSocket listener;
    private final List<Link> links = new ArrayList<>();

    private PlayedServer(String domain, ServerSocket listener) {
        this.domain = domain;
        this.listener = listener;
    }

    /// One without TLS.
    static PlayedServer plain(String domain) throws IOException {
        return new PlayedServer(domain, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /// One whose connections begin with TLS (XEP-0368).
    static PlayedServer tls(String domain, Issued certificate) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.keyManagers(), null, null);
        return new PlayedServer(
                domain, context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The next connection, as soon as there is one.
    Link accepts() throws IOException {
        listener.setSoTimeout((int) PATIENCE.toMillis());
        return accept();
    }

    private Link accept() throws IOException {
        Link link = new Link(listener.accept());
        links.add(link);
        return link;
    }

    /// Whether nobody connects for so long.
    boolean isLeftAlone(Duration time) throws IOException {
        listener.setSoTimeout((int) time.toMillis());
        try {
            accept();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        }
    }

    /// Opens the stream on a connection.
    ///
    /// @param features beside dialback
    void greets(Link link, String features) throws IOException {
        link.reads("<stream:stream");
        link.reads(">");
        link.writes("<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                + " xmlns:stream='http://etherx.jabber.org/streams' id='s1' version='1.0' from='" + domain
                + "'><stream:features>" + features
                + "<dialback xmlns='urn:xmpp:features:dialback'/></stream:features>");
    }

    /// The next connection, on which our server may send.
    ///
    /// @param features beside dialback
    Link authorizes(String features) throws IOException {
        Link link = accepts();
        greets(link, features);
        link.reads("</db:result>");
        link.writes("<db:result from='" + domain + "' to='" + FederatedServer.HERE + "' type='valid'/>");
        return link;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Link link : links) {
            link.close();
        }
    }

    /// A connection that our server has made.
    static final class Link implements AutoCloseable {
        private final Socket socket;
        private final StringBuilder unread = new StringBuilder();

        private Link(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }

        /// What comes up to some words, with them.
        ///
        /// @throws IOException if they do not come in time
        String reads(String words) throws IOException {
            int at = unread.indexOf(words);
            while (at < 0) {
                int before = Math.max(0, unread.length() - words.length());
                if (!more()) {
                    throw new IOException("the connection ended before " + words + " came, after " + unread);
                }
                at = unread.indexOf(words, before);
            }
            String read = unread.substring(0, at + words.length());
            unread.delete(0, read.length());
            return read;
        }

        /// What comes next, however little.
        String next() throws IOException {
            if (unread.isEmpty()) {
                more();
            }
            String read = unread.toString();
            unread.setLength(0);
            return read;
        }

        private boolean more() throws IOException {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[BUFFER];
            int count = in.read(buffer);
            if (count > 0) {
                unread.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
            return count > 0;
        }

        void writes(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        /// Reads until our server has ended the connection.
        ///
        /// @throws SocketTimeoutException if it does not
        void ends() throws IOException {
            try {
                while (more()) {
                    unread.setLength(0);
                }
            } catch (SocketException _) {
                // it did not wait for us to read everything
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
