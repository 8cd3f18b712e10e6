package im.stanzabus.drill.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An XML element that a client received.
///
/// @param text the character data directly inside
record Element(String name, String namespace, Map<String, String> attributes, List<Element> children, String text) {
    /// The value of an attribute without a namespace, empty if there is none.
    String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }

    Optional<Element> child(String childName, String childNamespace) {
        return children.stream()
                .filter(child -> child.is(childName, childNamespace))
                .findFirst();
    }

    boolean is(String otherName, String otherNamespace) {
        return name.equals(otherName) && namespace.equals(otherNamespace);
    }

    boolean isStanza() {
        return namespace.equals("jabber:client")
                && (name.equals("message") || name.equals("presence") || name.equals("iq"));
    }
}
