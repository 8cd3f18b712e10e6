package im.stanzabus.stanza;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The `type` of a stanza (RFC 6121 sections 4.7.1 and 5.2.2, RFC 6120 section 8.2.3).
public enum StanzaType {
    NORMAL,
    CHAT,
    GROUPCHAT,
    HEADLINE,
    AVAILABLE,
    UNAVAILABLE,
    SUBSCRIBE,
    SUBSCRIBED,
    UNSUBSCRIBE,
    UNSUBSCRIBED,
    PROBE,
    GET,
    SET,
    RESULT,
    ERROR;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /// The attribute's value; null where the type is shown by its absence.
    public @Nullable String wire() {
        return this == NORMAL || this == AVAILABLE ? null : wire;
    }

    /// The type that an attribute means for a kind of stanza. A message of unknown type is `normal`
    /// (RFC 6121 section 5.2.2); for presence and IQ the result is null, which is an error of the sender.
    public static @Nullable StanzaType parse(Stanza.Kind kind, @Nullable String value) {
        return switch (kind) {
            case MESSAGE ->
                switch (value) {
                    case "chat" -> CHAT;
                    case "groupchat" -> GROUPCHAT;
                    case "headline" -> HEADLINE;
                    case "error" -> ERROR;
                    case null, default -> NORMAL;
                };
            case PRESENCE ->
                switch (value) {
                    case null -> AVAILABLE;
                    case "unavailable" -> UNAVAILABLE;
                    case "subscribe" -> SUBSCRIBE;
                    case "subscribed" -> SUBSCRIBED;
                    case "unsubscribe" -> UNSUBSCRIBE;
                    case "unsubscribed" -> UNSUBSCRIBED;
                    case "probe" -> PROBE;
                    case "error" -> ERROR;
                    default -> null;
                };
            case IQ ->
                switch (value) {
                    case "get" -> GET;
                    case "set" -> SET;
                    case "result" -> RESULT;
                    case "error" -> ERROR;
                    case null, default -> null;
                };
        };
    }

    /// True for subscribe, subscribed, unsubscribe and unsubscribed.
    public boolean isSubscription() {
        return this == SUBSCRIBE || this == SUBSCRIBED || this == UNSUBSCRIBE || this == UNSUBSCRIBED;
    }
}
