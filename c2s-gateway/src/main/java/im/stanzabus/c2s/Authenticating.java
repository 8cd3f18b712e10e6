package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.SmElements;
import java.util.List;

/// Login is expected (RFC 6120 section 6), or registration (XEP-0077), or STARTTLS where that is possible
/// still.
final class Authenticating implements StreamState {
    private final Connection connection;
    private final SaslNegotiation sasl;
    private final Registration registration;
    private final long since;

    /// @param since when the connection began
    Authenticating(Connection connection, List<String> mechanisms, boolean registrationOpen, long since) {
        this.connection = connection;
        this.sasl = new SaslNegotiation(connection, mechanisms, since);
        this.registration = new Registration(connection, registrationOpen);
        this.since = since;
    }

    @Override
    public void stanza(Stanza stanza) {
        if (Registration.isFor(stanza)) {
            registration.received(stanza);
        } else {
            connection.fail(NOT_AUTHORIZED);
        }
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        connection.fail(NOT_AUTHORIZED);
    }

    @Override
    public void nonza(Element element) {
        if (element.namespace().equals(Namespaces.SASL)) {
            sasl.received(element);
        } else if (element.is("starttls", Namespaces.TLS) && !connection.isSecure()) {
            connection.upgradeToTls(since);
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
