package im.stanzabus.stanza;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An XML element as an immutable tree. Used where a payload must be understood or made; stanzas that are only
/// forwarded keep their bytes ({@link Payload}).
///
/// @param name local name
/// @param namespace namespace, empty for none
/// @param attributes by name; `xml:lang` keeps its prefix, others with a namespace are written `{namespace}local`
/// @param content children in order: each an {@link Element} or a {@link String} of character data
public record Element(String name, String namespace, Map<String, String> attributes, List<Object> content) {

    /// An element without attributes and children.
    public static Element of(String name, String namespace) {
        return new Element(name, namespace, Map.of(), List.of());
    }

    /// An element with character data only.
    public static Element text(String name, String namespace, String text) {
        return new Element(name, namespace, Map.of(), List.of(text));
    }

    public static Builder builder(String name, String namespace) {
        return new Builder(name, namespace);
    }

    public @Nullable String attribute(String key) {
        return attributes.get(key);
    }

    public boolean is(String otherName, String otherNamespace) {
        return name.equals(otherName) && namespace.equals(otherNamespace);
    }

    /// The child elements, in order.
    public List<Element> children() {
        List<Element> elements = new ArrayList<>(content.size());
        for (Object node : content) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /// The first child of that name and namespace.
    public @Nullable Element child(String childName, String childNamespace) {
        for (Object node : content) {
            if (node instanceof Element element && element.is(childName, childNamespace)) {
                return element;
            }
        }
        return null;
    }

    /// The first child of that name in this element's own namespace.
    public @Nullable Element child(String childName) {
        return child(childName, namespace);
    }

    /// The character data directly inside this element.
    public String text() {
        if (content.size() == 1 && content.getFirst() instanceof String only) {
            return only;
        }
        StringBuilder text = new StringBuilder();
        for (Object node : content) {
            if (node instanceof String data) {
                text.append(data);
            }
        }
        return text.toString();
    }

    /// The text of the first child of that name in this element's namespace; null when there is none.
    public @Nullable String childText(String childName) {
        Element child = child(childName);
        return child == null ? null : child.text();
    }

    /// A builder that starts as a copy of this element.
    public Builder toBuilder() {
        Builder builder = new Builder(name, namespace);
        builder.attributes.putAll(attributes);
        builder.content.addAll(content);
        return builder;
    }

    /// This element as XML, with its namespace declared.
    @Override
    public String toString() {
        return XmlText.of(this);
    }

    /// Collects the parts of an element. Not thread-safe.
    public static final class Builder {
        private final String name;
        private final String namespace;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final List<Object> content = new ArrayList<>();

        private Builder(String name, String namespace) {
            this.name = name;
            this.namespace = namespace;
        }

        /// Sets an attribute; a null value leaves it out.
        public Builder attribute(String key, @Nullable String value) {
            if (value != null) {
                attributes.put(key, value);
            }
            return this;
        }

        public Builder child(Element element) {
            content.add(element);
            return this;
        }

        public Builder children(Iterable<Element> elements) {
            elements.forEach(content::add);
            return this;
        }

        /// Adds a child in the same namespace that holds only text.
        public Builder childText(String childName, String text) {
            content.add(Element.text(childName, namespace, text));
            return this;
        }

        public Builder text(String text) {
            if (!text.isEmpty()) {
                content.add(text);
            }
            return this;
        }

        public Element build() {
            return new Element(
                    name,
                    namespace,
                    attributes.isEmpty()
                            ? Map.of()
                            : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes)),
                    List.copyOf(content));
        }
    }
}
