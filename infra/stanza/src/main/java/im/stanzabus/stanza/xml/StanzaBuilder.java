package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamEvent;
import org.jspecify.annotations.Nullable;

/// Collects a stanza's attributes and judges the whole (RFC 6120 sections 8.1 and 8.2.3). Attributes that no
/// specification defines for stanzas are dropped.
final class StanzaBuilder {
    private final Stanza.Kind kind;
    private @Nullable String rawType;
    private @Nullable String id;
    private @Nullable String rawFrom;
    private @Nullable String rawTo;
    private @Nullable String lang;

    StanzaBuilder(Stanza.Kind kind) {
        this.kind = kind;
    }

    /// The kind of stanza with that element name; null when there is none.
    static Stanza.@Nullable Kind kind(String name) {
        return switch (name) {
            case "message" -> Stanza.Kind.MESSAGE;
            case "presence" -> Stanza.Kind.PRESENCE;
            case "iq" -> Stanza.Kind.IQ;
            default -> null;
        };
    }

    void attribute(String name, String value) {
        switch (name) {
            case "to" -> rawTo = value;
            case "from" -> rawFrom = value;
            case "id" -> id = value;
            case "type" -> rawType = value;
            default -> {}
        }
    }

    void lang(@Nullable String value) {
        lang = value;
    }

    /// The stanza, or what is wrong with it.
    StreamEvent build(Payload payload) {
        StanzaType type = StanzaType.parse(kind, rawType);
        Jid to;
        Jid from;
        try {
            to = rawTo == null ? null : Jid.parse(rawTo);
        } catch (JidSyntaxException e) {
            StanzaError error = StanzaError.of(StanzaError.Condition.JID_MALFORMED, "to: " + e.getMessage());
            return bad(type, readable(rawFrom), null, error);
        }
        try {
            from = rawFrom == null ? null : Jid.parse(rawFrom);
        } catch (JidSyntaxException e) {
            return bad(type, null, to, StanzaError.of(StanzaError.Condition.JID_MALFORMED, "from: " + e.getMessage()));
        }
        if (type == null) {
            return bad(
                    null, from, to, badRequest(kind.wire() + (rawType == null ? " without type" : " of unknown type")));
        }
        if (kind == Stanza.Kind.IQ) {
            if (id == null) {
                return bad(type, from, to, badRequest("iq without id"));
            }
            boolean request = type == StanzaType.GET || type == StanzaType.SET;
            if ((request && payload.size() != 1) || (type == StanzaType.RESULT && payload.size() > 1)) {
                return bad(type, from, to, badRequest("iq with " + payload.size() + " children"));
            }
        }
        return new Stanza(kind, type, id, from, to, lang, payload);
    }

    /// Who is told that something else is wrong.
    private static @Nullable Jid readable(@Nullable String address) {
        try {
            return address == null ? null : Jid.parse(address);
        } catch (JidSyntaxException e) {
            return null;
        }
    }

    private static StanzaError badRequest(String text) {
        return StanzaError.of(StanzaError.Condition.BAD_REQUEST, text);
    }

    private StreamEvent bad(@Nullable StanzaType type, @Nullable Jid from, @Nullable Jid to, StanzaError error) {
        return new StreamEvent.BadStanza(kind, type, id, from, to, rawTo, error);
    }
}
