package im.stanzabus.c2s;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stream.tls.AnyCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.assertj.core.api.Assertions;

/// A client that says exactly what a test tells it to, over a blocking socket.
final class TestClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private Socket socket;
    private final StringBuilder read = new StringBuilder();
    Jid jid;

    TestClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    TestClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    static TestClient directTls(int port, Consumer<SSLParameters> parameters) throws Exception {
        TestClient client = new TestClient(port);
        client.secure(TestGateway.ALPHA, parameters);
        return client;
    }

    Socket socket() {
        return socket;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    static String header(String to) {
        return "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='" + to + "'>";
    }

    /// Opens a stream and returns header and features.
    String open(String to) throws IOException {
        send(header(to));
        return until("</stream:features>");
    }

    void login(String user, String host) throws IOException {
        open(host);
        auth(user, FakeAuth.PASSWORD);
        until("<success");
        until("/>", "</success>");
        open(host);
    }

    void auth(String user, String password) throws IOException {
        send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + plain(user, password) + "</auth>");
    }

    static String plain(String user, String password) {
        return Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    String bind(String resource) throws IOException {
        send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>" + resource
                + "</resource></bind></iq>");
        return until("</iq>");
    }

    /// Enables stream management and returns what is answered.
    ///
    /// @param attributes of the request
    String enable(String attributes) throws IOException {
        send("<enable xmlns='urn:xmpp:sm:3' " + attributes + "/>");
        String answer = until("<enabled xmlns='urn:xmpp:sm:3'") + until(">");
        return answer.substring(answer.indexOf("<enabled"));
    }

    /// Enables stream management once more and returns everything to the end.
    String enableAgainFails() throws IOException {
        send("<enable xmlns='urn:xmpp:sm:3'/>");
        return untilEnd();
    }

    /// Enables stream management with resumption and returns the stream's id.
    String enableResumption() throws IOException {
        return attribute(enable("resume='true'"), "id");
    }

    static String attribute(String element, String name) {
        int start = element.indexOf(" " + name + "='") + name.length() + 3;
        return element.substring(start, element.indexOf('\'', start));
    }

    /// Asks what was handled and returns the count.
    long asksForAck() throws IOException {
        send("<r xmlns='urn:xmpp:sm:3'/>");
        return ack();
    }

    /// The count in the next acknowledgement.
    long ack() throws IOException {
        until("<a xmlns='urn:xmpp:sm:3' h='");
        String h = until("'");
        until("/>");
        return Long.parseLong(h.substring(0, h.length() - 1));
    }

    void acks(long h) throws IOException {
        send("<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>");
    }

    /// Waits until it is asked what it has.
    String untilAsked() throws IOException {
        return until("<r xmlns='urn:xmpp:sm:3'/>");
    }

    void resume(String id, long h) throws IOException {
        send("<resume xmlns='urn:xmpp:sm:3' previd='" + id + "' h='" + h + "'/>");
    }

    /// Drops the connection without a word.
    void drop() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// Reads until one of the texts and returns all up to its end.
    String until(String... texts) throws IOException {
        while (true) {
            int end = -1;
            for (String text : texts) {
                int at = read.indexOf(text);
                if (at >= 0 && (end < 0 || at + text.length() < end)) {
                    end = at + text.length();
                }
            }
            if (end >= 0) {
                String result = read.substring(0, end);
                read.delete(0, end);
                return result;
            }
            more("while waiting for " + String.join(" or ", texts));
        }
    }

    private void more(String what) throws IOException {
        byte[] buffer = new byte[8192];
        int count;
        try {
            count = socket.getInputStream().read(buffer);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came " + what + "; unread: " + read, e);
        }
        if (count < 0) {
            throw new AssertionError("the connection ended " + what + "; unread: " + read);
        }
        read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }

    /// Everything up to the end of the connection.
    String untilEnd() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection did not end; unread: " + read, e);
        } catch (SocketException e) {
            read.append("[reset]");
        }
        String all = read.toString();
        read.setLength(0);
        return all;
    }

    /// Expects this stream error, the end of the stream and the end of the connection.
    void expectStreamError(String condition) throws IOException {
        Assertions.assertThat(untilEnd())
                .contains("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'")
                .endsWith("</stream:error></stream:stream>");
    }

    /// Asks something that is answered at once, so that all that was sent before has been dealt with.
    String sync() throws IOException {
        send("<iq type='set' id='sync'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
        return until("id='sync'");
    }

    void startTls() throws Exception {
        startTls(_ -> {});
    }

    void startTls(Consumer<SSLParameters> parameters, KeyManager... keys) throws Exception {
        send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        secure(TestGateway.ALPHA, parameters, keys);
    }

    void secure(String serverName, Consumer<SSLParameters> parameters, KeyManager... keys) throws Exception {
        Assertions.assertThat(read).isEmpty();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new AnyCertificate()}, null);
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, serverName, socket.getPort(), true);
        SSLParameters settings = secured.getSSLParameters();
        settings.setServerNames(List.of(new SNIHostName(serverName)));
        parameters.accept(settings);
        secured.setSSLParameters(settings);
        secured.startHandshake();
        socket = secured;
    }

    ExtendedSSLSession session() {
        return (ExtendedSSLSession) ((SSLSocket) socket).getSession();
    }

    X509Certificate serverCertificate() throws IOException {
        return (X509Certificate) session().getPeerCertificates()[0];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
