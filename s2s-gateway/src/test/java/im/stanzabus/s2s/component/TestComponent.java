package im.stanzabus.s2s.component;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Connection.Event;
import im.stanzabus.testkit.Xml;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// A component that a test plays: XEP-0114 over a socket of its own. To be used by one thread.
final class TestComponent implements AutoCloseable {
    static final String NAMESPACE = "jabber:component:accept";
    private static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";

    private final Connection connection;

    TestComponent(int port) {
        connection = Connection.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "localhost");
    }

    static String header(String namespace, String to) {
        return "<?xml version='1.0'?><stream:stream xmlns='" + namespace + "' xmlns:stream='" + STREAMS + "' to='" + to
                + "'>";
    }

    Connection connection() {
        return connection;
    }

    /// Opens a stream; returns the header that answers.
    Xml open(String domain) {
        connection.openStream(header(NAMESPACE, domain));
        return connection.header();
    }

    void handshake(String id, String secret) {
        connection.send("<handshake>" + Handshake.of(id, secret) + "</handshake>");
    }

    void join(String domain, String secret) {
        Xml header = open(domain);
        assertThat(header.attribute("from")).isEqualTo(domain);
        handshake(header.attribute("id"), secret);
        Xml answer = connection.element();
        assertThat(answer.is("handshake", NAMESPACE)).as(answer.toString()).isTrue();
        assertThat(answer.text()).isEmpty();
    }

    void send(String xml) {
        connection.send(xml);
    }

    /// The next stanza.
    Xml stanza() {
        return connection.element();
    }

    String body() {
        return connection.element().child("body").text();
    }

    /// What comes now is this stream error, and the end.
    void failsWith(String condition) {
        List<Event> rest = connection.rest();
        assertThat(rest).hasSize(3);
        assertThat(rest.getFirst()).isInstanceOfSatisfying(Event.Element.class, event -> {
            assertThat(event.xml().is("error", STREAMS)).isTrue();
            assertThat(event.xml().hasChild(condition, STREAM_ERRORS))
                    .as(event.xml().toString())
                    .isTrue();
        });
        assertThat(rest.get(1)).isInstanceOf(Event.StreamClosed.class);
    }

    /// Is gone without a word.
    void drop() {
        connection.drop();
    }

    @Override
    public void close() {
        connection.close();
    }
}
