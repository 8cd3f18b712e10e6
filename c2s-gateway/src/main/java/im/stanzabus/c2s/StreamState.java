package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;

/// Where a stream stands in its negotiation (RFC 6120 section 4.3). Each state holds what is valid in it
/// alone, and has one method for each kind of thing a client may send. States follow each other as they are
/// listed; STARTTLS and SASL lead back to {@link Opening}.
sealed interface StreamState permits Opening, Securing, Authenticating, Binding, Bound, Closed {

    void stanza(Stanza stanza);

    void badStanza(StreamEvent.BadStanza stanza);

    /// Another element than a stanza.
    void nonza(Element element);

    /// Called every now and then, to find what takes too long.
    ///
    /// @param now milliseconds of the gateway's clock
    void sweep(long now);

    /// Takes what an owner of accounts says.
    ///
    /// @return false if the state has no use for it
    default boolean owner(String owner, ConnectionEvent event) {
        return false;
    }

    /// A session manager has claimed the account, and will not answer what was asked before.
    default void claimed() {}

    /// Before login, anything but the negotiation is an error (RFC 6120 section 4.9.3.12).
    StreamError NOT_AUTHORIZED = StreamError.of(StreamError.Condition.NOT_AUTHORIZED, "log in first");

    /// For elements that are neither stanzas nor part of the negotiation (RFC 6120 section 4.9.3.24).
    static StreamError unsupported(Element element) {
        return StreamError.of(
                StreamError.Condition.UNSUPPORTED_STANZA_TYPE,
                "nothing is done here with " + element.name() + " in " + element.namespace());
    }
}
