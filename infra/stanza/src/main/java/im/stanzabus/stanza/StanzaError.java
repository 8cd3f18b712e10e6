package im.stanzabus.stanza;

import org.jspecify.annotations.Nullable;

/// A stanza error (RFC 6120 section 8.3): what is sent back for a stanza that could not be processed.
///
/// @param condition the defined condition
/// @param type what the sender may do about it
/// @param text a sentence for people, in English
/// @param detail an application-specific condition
public record StanzaError(
        Condition condition,
        Type type,
        @Nullable String text,
        @Nullable Element detail) {
    /// @throws IllegalArgumentException if text or detail hold a character that XML cannot carry: whoever
    ///     is to be told must not be left without an answer because of that
    public StanzaError {
        if (text != null) {
            text.chars().forEach(c -> XmlEscape.inText((char) c));
        }
        if (detail != null) {
            XmlText.of(detail);
        }
    }

    /// What the sender may do about the error (RFC 6120 section 8.3.2).
    public enum Type {
        AUTH,
        CANCEL,
        CONTINUE,
        MODIFY,
        WAIT;

        /// The word on the wire.
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// The defined conditions (RFC 6120 section 8.3.3), each with the type that the RFC associates with it.
    public enum Condition {
        BAD_REQUEST(Type.MODIFY),
        CONFLICT(Type.CANCEL),
        FEATURE_NOT_IMPLEMENTED(Type.CANCEL),
        FORBIDDEN(Type.AUTH),
        GONE(Type.CANCEL),
        INTERNAL_SERVER_ERROR(Type.CANCEL),
        ITEM_NOT_FOUND(Type.CANCEL),
        JID_MALFORMED(Type.MODIFY),
        NOT_ACCEPTABLE(Type.MODIFY),
        NOT_ALLOWED(Type.CANCEL),
        NOT_AUTHORIZED(Type.AUTH),
        POLICY_VIOLATION(Type.MODIFY),
        RECIPIENT_UNAVAILABLE(Type.WAIT),
        REDIRECT(Type.MODIFY),
        REGISTRATION_REQUIRED(Type.AUTH),
        REMOTE_SERVER_NOT_FOUND(Type.CANCEL),
        REMOTE_SERVER_TIMEOUT(Type.WAIT),
        RESOURCE_CONSTRAINT(Type.WAIT),
        SERVICE_UNAVAILABLE(Type.CANCEL),
        SUBSCRIPTION_REQUIRED(Type.AUTH),
        UNDEFINED_CONDITION(Type.CANCEL),
        UNEXPECTED_REQUEST(Type.WAIT);

        private final Type type;

        Condition(Type type) {
            this.type = type;
        }

        /// The element's name on the wire.
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    public static StanzaError of(Condition condition) {
        return new StanzaError(condition, condition.type, null, null);
    }

    public static StanzaError of(Condition condition, String text) {
        return new StanzaError(condition, condition.type, text, null);
    }

    public StanzaError withType(Type other) {
        return new StanzaError(condition, other, text, detail);
    }

    public StanzaError withDetail(Element element) {
        return new StanzaError(condition, type, text, element);
    }

    /// The `<error/>` child of a stanza of type error.
    public Element toElement() {
        Element.Builder error = Element.builder("error", Namespaces.CLIENT).attribute("type", type.wire());
        error.child(Element.of(condition.wire(), Namespaces.STANZA_ERRORS));
        if (text != null) {
            error.child(Element.builder("text", Namespaces.STANZA_ERRORS)
                    .attribute("xml:lang", "en")
                    .text(text)
                    .build());
        }
        if (detail != null) {
            error.child(detail);
        }
        return error.build();
    }
}
