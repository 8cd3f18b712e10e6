package im.stanzabus.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's stream in the making: the steps of RFC 6120 sections 4 to 7, one method each, so that a test can take
/// them as it likes. To be used by one thread.
public final class TestStream implements AutoCloseable {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final Connection connection;
    private final String domain;

    private TestStream(Connection connection, String domain) {
        this.connection = connection;
        this.domain = domain;
    }

    /// A connection without TLS, on which nothing has been said.
    public static TestStream plain(TestServer server, String domain) {
        return new TestStream(Connection.plain(server.address(), domain), domain);
    }

    /// A connection with TLS from the first byte, on which nothing has been said.
    public static TestStream tls(TestServer server, String domain, TlsClient tls) {
        return new TestStream(Connection.tls(server.tlsAddress(), domain, tls), domain);
    }

    /// A stream that has been secured by STARTTLS and shows what can be logged in with.
    public static TestStream secured(TestServer server, String domain) {
        TestStream stream = plain(server, domain);
        stream.open();
        stream.startTls(TlsClient.DEFAULT);
        return stream;
    }

    public Connection connection() {
        return connection;
    }

    /// A stream header as it should be.
    public static String header(String to) {
        return "<?xml version='1.0'?><stream:stream to='" + to
                + "' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    }

    /// Opens a stream and returns the features.
    public Xml open() {
        connection.openStream(header(domain));
        connection.header();
        return features();
    }

    /// The features, which come next.
    public Xml features() {
        Xml features = connection.element();
        if (!features.is("features", Streams.NAMESPACE)) {
            throw new AssertionError("expected stream features, but there was " + features);
        }
        return features;
    }

    /// Negotiates STARTTLS and returns the features of the new stream.
    public Xml startTls(TlsClient tls) {
        connection.send("<starttls xmlns='" + Streams.TLS + "'/>");
        Xml answer = connection.element();
        if (!answer.is("proceed", Streams.TLS)) {
            throw new AssertionError("no STARTTLS: " + answer);
        }
        connection.secure(tls);
        return open();
    }

    /// The names of the mechanisms among features.
    public static List<String> mechanisms(Xml features) {
        return features.child("mechanisms").children().stream()
                .filter(child -> child.name().equals("mechanism"))
                .map(Xml::text)
                .toList();
    }

    /// Logs in with PLAIN and returns the features of the new stream.
    public Xml login(String user, String password) {
        Xml answer = plainAuth(user, password);
        if (!answer.is("success", Streams.SASL)) {
            throw new AssertionError("no login: " + answer);
        }
        return open();
    }

    /// Tries PLAIN (RFC 4616) and returns what is answered.
    public Xml plainAuth(String user, String password) {
        return auth("PLAIN", "\0" + user + "\0" + password);
    }

    /// Starts a SASL exchange and returns what is answered.
    ///
    /// @param initial null for no initial response; an empty one is sent as `=` (RFC 6120 section 6.4.2)
    public Xml auth(String mechanism, @Nullable String initial) {
        String data = initial == null ? "" : initial.isEmpty() ? "=" : encode(initial);
        connection.send("<auth xmlns='" + Streams.SASL + "' mechanism='" + mechanism + "'>" + data + "</auth>");
        return connection.element();
    }

    /// Goes on with a SASL exchange and returns what is answered.
    public Xml respond(String response) {
        connection.send("<response xmlns='" + Streams.SASL + "'>" + encode(response) + "</response>");
        return connection.element();
    }

    /// Logs in with SCRAM and returns what is answered at last. A success has been checked to come from a server that
    /// knows the password.
    public Xml scram(String mechanism, Scram scram) {
        Xml challenge = auth(mechanism, scram.first());
        if (!challenge.is("challenge", Streams.SASL)) {
            return challenge;
        }
        Xml answer = respond(scram.last(decode(challenge.text())));
        if (answer.is("success", Streams.SASL)) {
            scram.verify(decode(answer.text()));
        }
        return answer;
    }

    /// Binds a resource (RFC 6120 section 7) and returns the full JID.
    ///
    /// @param resource null to have one made by the server
    public String bind(@Nullable String resource) {
        Xml answer = tryBind(resource);
        if (!answer.attribute("type").equals("result")) {
            throw new AssertionError("no binding: " + answer);
        }
        return answer.child("bind").child("jid").text();
    }

    /// Asks for a resource and returns what is answered.
    public Xml tryBind(@Nullable String resource) {
        String wish = resource == null ? "" : "<resource>" + Xml.escape(resource) + "</resource>";
        connection.send("<iq type='set' id='bind'><bind xmlns='" + Streams.BIND + "'>" + wish + "</bind></iq>");
        return connection.element();
    }

    /// What comes now must be this stream error, the end of the stream and the end of the connection.
    public void failsWith(String condition) {
        failsWith(condition, connection.element());
    }

    /// Like {@link #failsWith(String)}, for an error that was read already.
    void failsWith(String condition, Xml error) {
        if (!error.is("error", Streams.NAMESPACE) || !error.hasChild(condition, Streams.STREAM_ERRORS)) {
            throw new AssertionError("expected the stream error " + condition + ", but there was " + error);
        }
        endsInGoodOrder();
    }

    /// Like {@link #failsWith}, for a stream that the server had not opened: its header comes first (RFC 6120 section
    /// 4.9.1.2).
    public void isRefusedWith(String condition) {
        connection.header();
        failsWith(condition);
    }

    /// What comes now must be the end of the stream and of the connection.
    public void endsInGoodOrder() {
        Connection.Event end = connection.next();
        if (!(end instanceof Connection.Event.StreamClosed)) {
            throw new AssertionError("expected the end of the stream, but there was " + end);
        }
        Connection.Event closed = connection.next();
        if (!(closed instanceof Connection.Event.Disconnected)) {
            throw new AssertionError("expected the end of the connection, but there was " + closed);
        }
    }

    static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connection.close();
    }
}
