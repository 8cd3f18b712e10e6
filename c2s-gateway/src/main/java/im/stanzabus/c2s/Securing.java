package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;

/// STARTTLS is expected (RFC 6120 section 5) and nothing else is done.
///
/// @param since when the connection began
record Securing(Connection connection, long since) implements StreamState {
    @Override
    public void stanza(Stanza stanza) {
        connection.fail(NOT_AUTHORIZED);
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        connection.fail(NOT_AUTHORIZED);
    }

    @Override
    public void nonza(Element element) {
        if (element.is("starttls", Namespaces.TLS)) {
            connection.upgradeToTls(since);
        } else if (element.is("auth", Namespaces.SASL)) {
            // RFC 6120 section 6.5.4
            connection.send(SaslNegotiation.failure("encryption-required", null));
        } else if (SmElements.begins(element)) {
            // XEP-0198 section 3
            connection.send(SmElements.failed(StanzaError.Condition.UNEXPECTED_REQUEST));
        } else {
            connection.fail(StreamState.unsupported(element));
        }
    }

    @Override
    public void sweep(long now) {
        connection.gateway().limitLogin(connection, since, now);
    }
}
