package im.stanzabus.processor;

import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import org.jspecify.annotations.Nullable;

/// Chooses stanzas by what the server knows of them without reading their content once more.
///
/// @param kind of the stanza
/// @param element the name of a child; null for any
/// @param namespace the namespace of that child; null for any. What a stanza has in no namespace
///     of its own, such as a `<body/>`, is in `jabber:client`
public record Selector(
        Stanza.Kind kind,
        @Nullable String element,
        @Nullable String namespace) {
    /// All stanzas of a kind.
    public static Selector all(Stanza.Kind kind) {
        return new Selector(kind, null, null);
    }

    /// Those with a child of that name and namespace.
    public static Selector child(Stanza.Kind kind, String element, String namespace) {
        return new Selector(kind, element, namespace);
    }

    /// Those with any child in that namespace.
    public static Selector namespace(Stanza.Kind kind, String namespace) {
        return new Selector(kind, null, namespace);
    }

    /// True for a stanza that is chosen.
    public boolean matches(Stanza stanza) {
        if (stanza.kind() != kind) {
            return false;
        }
        if (element == null && namespace == null) {
            return true;
        }
        Payload payload = stanza.payload();
        for (int i = 0; i < payload.size(); i++) {
            if ((element == null || element.equals(payload.name(i).name()))
                    && (namespace == null || namespace.equals(payload.name(i).namespace()))) {
                return true;
            }
        }
        return false;
    }
}
