package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.StreamErrorException;
import java.util.List;
import java.util.Map;

/// Makes a payload out of a stanza's tree, with complete namespaces. Character data between the children is
/// left out: no kind of stanza gives it a meaning, and nobody who reads the children as trees would see it.
final class Rewriting {
    /// What a tag needs besides its names.
    private static final int TAGS = 16;

    private Rewriting() {}

    /// @throws StreamErrorException `policy-violation` if the payload grows beyond the limit by the namespaces, which
    ///     each element must then declare for itself
    static Payload payload(Element stanza, String contentNamespace, StreamLimits limits) throws StreamErrorException {
        List<Element> children = stanza.children();
        if (!contentNamespace.equals(Namespaces.CLIENT)) {
            children = children.stream()
                    .map(child -> renamed(child, contentNamespace))
                    .toList();
        }
        long size = 0;
        for (Element child : children) {
            size += size(child, Namespaces.CLIENT);
        }
        if (size > limits.maxStanzaBytes()) {
            throw Refusal.tooLong(limits);
        }
        return Payload.of(children);
    }

    private static Element renamed(Element element, String contentNamespace) {
        List<Object> content = element.content().stream()
                .<Object>map(node -> node instanceof Element child ? renamed(child, contentNamespace) : node)
                .toList();
        String namespace = element.namespace().equals(contentNamespace) ? Namespaces.CLIENT : element.namespace();
        return new Element(element.name(), namespace, element.attributes(), content);
    }

    private static long size(Element element, String around) {
        long size = TAGS + 2L * element.name().length();
        if (!element.namespace().equals(around)) {
            size += element.namespace().length();
        }
        for (Map.Entry<String, String> attribute : element.attributes().entrySet()) {
            size += attribute.getKey().length() + attribute.getValue().length();
        }
        for (Object node : element.content()) {
            size += node instanceof Element child ? size(child, element.namespace()) : ((String) node).length();
        }
        return size;
    }
}
