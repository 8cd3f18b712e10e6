package im.stanzabus.stanza;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A stanza (RFC 6120 section 8): immutable; changing it makes another that shares the payload.
///
/// @param kind message, presence or IQ
/// @param type its type; the kinds' defaults are explicit here
/// @param id the sender's identifier
/// @param from the sender, stamped by the server before anybody else sees the stanza
/// @param to the receiver
/// @param lang `xml:lang`
/// @param payload everything inside
public record Stanza(
        Kind kind,
        StanzaType type,
        @Nullable String id,
        @Nullable Jid from,
        @Nullable Jid to,
        @Nullable String lang,
        Payload payload)
        implements StreamEvent {

    /// The three kinds of stanzas.
    public enum Kind {
        MESSAGE,
        PRESENCE,
        IQ;

        private final String wire = name().toLowerCase(Locale.ROOT);

        /// The element's name.
        public String wire() {
            return wire;
        }
    }

    public static Stanza message(StanzaType type, @Nullable Jid from, @Nullable Jid to, Element... payload) {
        return new Stanza(Kind.MESSAGE, type, null, from, to, null, Payload.of(payload));
    }

    public static Stanza presence(StanzaType type, @Nullable Jid from, @Nullable Jid to, Element... payload) {
        return new Stanza(Kind.PRESENCE, type, null, from, to, null, Payload.of(payload));
    }

    public static Stanza iq(StanzaType type, String id, @Nullable Jid from, @Nullable Jid to, Element... payload) {
        return new Stanza(Kind.IQ, type, id, from, to, null, Payload.of(payload));
    }

    public boolean isMessage() {
        return kind == Kind.MESSAGE;
    }

    public boolean isPresence() {
        return kind == Kind.PRESENCE;
    }

    public boolean isIq() {
        return kind == Kind.IQ;
    }

    /// True for an IQ that must be answered.
    public boolean isRequest() {
        return type == StanzaType.GET || type == StanzaType.SET;
    }

    public boolean isError() {
        return type == StanzaType.ERROR;
    }

    public Stanza withFrom(@Nullable Jid sender) {
        return new Stanza(kind, type, id, sender, to, lang, payload);
    }

    public Stanza withTo(@Nullable Jid receiver) {
        return new Stanza(kind, type, id, from, receiver, lang, payload);
    }

    public Stanza withType(StanzaType other) {
        return new Stanza(kind, other, id, from, to, lang, payload);
    }

    public Stanza withId(@Nullable String other) {
        return new Stanza(kind, type, other, from, to, lang, payload);
    }

    public Stanza withPayload(Payload other) {
        return new Stanza(kind, type, id, from, to, lang, other);
    }

    /// The first child in an IQ request, which says what is asked; null when there is none.
    public @Nullable Element query() {
        return payload.isEmpty() ? null : payload.children().getFirst();
    }

    /// The answer to this IQ, with sender and receiver exchanged.
    public Stanza result(Element... answer) {
        return new Stanza(kind, StanzaType.RESULT, id, to, from, null, Payload.of(answer));
    }

    /// The stanza error for this stanza, with sender and receiver exchanged (RFC 6120 section 8.3.1). The caller
    /// makes sure that this stanza is not an error itself.
    public Stanza error(StanzaError error) {
        return new Stanza(kind, StanzaType.ERROR, id, to, from, null, Payload.of(error.toElement()));
    }

    public Stanza error(StanzaError.Condition condition) {
        return error(StanzaError.of(condition));
    }

    /// This stanza as an element of a tree, in `jabber:client`; for forwarding (XEP-0297) and for tests.
    public Element toElement() {
        return Element.builder(kind.wire(), Namespaces.CLIENT)
                .attribute("xml:lang", lang)
                .attribute("type", type.wire())
                .attribute("id", id)
                .attribute("from", from == null ? null : from.toString())
                .attribute("to", to == null ? null : to.toString())
                .children(payload.children())
                .build();
    }

    /// The stanza as XML. For tests and traces only: logs must not hold stanza bodies.
    @Override
    public String toString() {
        return XmlText.of(this);
    }
}
