package im.stanzabus.stanza;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is inside a stanza: UTF-8 bytes that stand on their own (every prefix is declared inside; elements without a
/// namespace of their own are in the stanza's content namespace), the names of the children, and on demand
/// the children as trees. Immutable; the lazy tree is a benign race. The bytes must not be changed by anybody.
public final class Payload {
    public static final Payload EMPTY = new Payload(new byte[0], new ElementName[0]);

    private final byte[] bytes;
    private final ElementName[] names;
    private @Nullable List<Element> children;

    /// For the parser and the codec: `bytes` have been read strictly and `names` are those of the children in order.
    public Payload(byte[] bytes, ElementName[] names) {
        this.bytes = bytes;
        this.names = names;
    }

    public static Payload of(Element... elements) {
        return of(Arrays.asList(elements));
    }

    public static Payload of(List<Element> elements) {
        if (elements.isEmpty()) {
            return EMPTY;
        }
        ElementName[] names = new ElementName[elements.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] =
                    new ElementName(elements.get(i).namespace(), elements.get(i).name());
        }
        Payload payload = new Payload(XmlText.fragment(elements), names);
        payload.children = List.copyOf(elements);
        return payload;
    }

    /// The bytes between the stanza's tags. Not a copy: do not change them.
    public byte[] bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return names.length == 0;
    }

    /// How many child elements there are.
    public int size() {
        return names.length;
    }

    /// The name of the child at that place.
    public ElementName name(int index) {
        return names[index];
    }

    public boolean has(String name, String namespace) {
        for (ElementName candidate : names) {
            if (candidate.name().equals(name) && candidate.namespace().equals(namespace)) {
                return true;
            }
        }
        return false;
    }

    /// True if any child is in that namespace.
    public boolean hasNamespace(String namespace) {
        for (ElementName candidate : names) {
            if (candidate.namespace().equals(namespace)) {
                return true;
            }
        }
        return false;
    }

    /// The children as trees; read at the first call.
    public List<Element> children() {
        List<Element> read = children;
        if (read == null) {
            read = names.length == 0 ? List.of() : FragmentReader.read(bytes);
            children = read;
        }
        return read;
    }

    /// The first child of that name, if it is there; costs nothing when it is not.
    public @Nullable Element child(String name, String namespace) {
        if (!has(name, namespace)) {
            return null;
        }
        for (Element element : children()) {
            if (element.is(name, namespace)) {
                return element;
            }
        }
        return null;
    }

    /// This payload with more children at its end; the bytes here are copied, not read.
    public Payload plus(Element... more) {
        Payload added = of(more);
        byte[] joined = Arrays.copyOf(bytes, bytes.length + added.bytes.length);
        System.arraycopy(added.bytes, 0, joined, bytes.length, added.bytes.length);
        ElementName[] all = Arrays.copyOf(names, names.length + added.names.length);
        System.arraycopy(added.names, 0, all, names.length, added.names.length);
        return new Payload(joined, all);
    }

    /// This payload without the children that match; the same object when there are none.
    public Payload without(java.util.function.Predicate<Element> unwanted) {
        List<Element> kept = children().stream().filter(unwanted.negate()).toList();
        return kept.size() == names.length ? this : of(kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
