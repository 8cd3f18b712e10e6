package im.stanzabus.stanza;

import org.jspecify.annotations.Nullable;

/// A stream error (RFC 6120 section 4.9): always ends the stream.
public record StreamError(Condition condition, @Nullable String text) {

    /// The defined conditions (RFC 6120 section 4.9.3).
    public enum Condition {
        BAD_FORMAT,
        BAD_NAMESPACE_PREFIX,
        CONFLICT,
        CONNECTION_TIMEOUT,
        HOST_GONE,
        HOST_UNKNOWN,
        IMPROPER_ADDRESSING,
        INTERNAL_SERVER_ERROR,
        INVALID_FROM,
        INVALID_NAMESPACE,
        INVALID_XML,
        NOT_AUTHORIZED,
        NOT_WELL_FORMED,
        POLICY_VIOLATION,
        REMOTE_CONNECTION_FAILED,
        RESET,
        RESOURCE_CONSTRAINT,
        RESTRICTED_XML,
        SEE_OTHER_HOST,
        SYSTEM_SHUTDOWN,
        UNDEFINED_CONDITION,
        UNSUPPORTED_ENCODING,
        UNSUPPORTED_FEATURE,
        UNSUPPORTED_STANZA_TYPE,
        UNSUPPORTED_VERSION;

        /// The element's name on the wire.
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    public static StreamError of(Condition condition) {
        return new StreamError(condition, null);
    }

    public static StreamError of(Condition condition, String text) {
        return new StreamError(condition, text);
    }

    /// What a peer says with `<stream:error/>`: `undefined-condition` where it names none that is
    /// known.
    public static StreamError parse(Element error) {
        Condition condition = Condition.UNDEFINED_CONDITION;
        String text = null;
        for (Element child : error.children()) {
            if (!child.namespace().equals(Namespaces.STREAM_ERRORS)) {
                continue;
            }
            if (child.name().equals("text")) {
                text = child.text();
            } else {
                condition = condition(child.name());
            }
        }
        return new StreamError(condition, text);
    }

    private static Condition condition(String wire) {
        for (Condition condition : Condition.values()) {
            if (condition.wire().equals(wire)) {
                return condition;
            }
        }
        return Condition.UNDEFINED_CONDITION;
    }

    /// The `<stream:error/>` element.
    public Element toElement() {
        Element.Builder error = Element.builder("error", Namespaces.STREAMS);
        error.child(Element.of(condition.wire(), Namespaces.STREAM_ERRORS));
        if (text != null) {
            error.child(Element.builder("text", Namespaces.STREAM_ERRORS)
                    .attribute("xml:lang", "en")
                    .text(text)
                    .build());
        }
        return error.build();
    }
}
