package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Connection.Event;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.peer.Couple;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/// An external component (XEP-0114) on one connection, which answers nothing. To be used by one
/// thread.
final class PlayedComponent implements AutoCloseable {
    private final Connection connection;

    /// Connects and shows that it knows the secret.
    PlayedComponent(InetSocketAddress gateway, String domain, String secret) throws GeneralSecurityException {
        connection = Connection.plain(gateway, domain);
        connection.openStream("<stream:stream xmlns='jabber:component:accept'"
                + " xmlns:stream='http://etherx.jabber.org/streams' to='" + domain + "'>");
        String proof = connection.header().attribute("id") + secret;
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(proof.getBytes(StandardCharsets.UTF_8));
        connection.send("<handshake>" + HexFormat.of().formatHex(hash) + "</handshake>");
        assertThat(connection.element().name()).isEqualTo("handshake");
    }

    /// Whether it hears something within a second.
    boolean hears() {
        return connection.poll(Duration.ofSeconds(1)) instanceof Event.Element;
    }

    /// The ids of what it hears, until it has heard all of these or its connection is gone.
    Set<String> heard(Collection<String> ids) {
        Set<String> heard = new HashSet<>();
        while (!heard.containsAll(ids)) {
            Event event = connection.poll(Couple.LONG);
            if (event instanceof Event.Element(Xml stanza)) {
                heard.add(stanza.attribute("id"));
            } else {
                return heard; // gone, or silent
            }
        }
        return heard;
    }

    @Override
    public void close() {
        connection.close();
    }
}
