package im.stanzabus.stanza;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class XmlTextPropertyTest {
    @Provide
    Arbitrary<Element> elements() {
        Arbitrary<String> names = Arbitraries.of("message", "a", "b-c", "\u00e4");
        Arbitrary<String> namespaces = Arbitraries.of("jabber:client", "urn:x", "", Namespaces.STREAMS, "urn:&'<>\"");
        Arbitrary<String> keys = Arbitraries.of("a", "xml:lang", "to", "{urn:x}a", "{urn:y&'}b", "{urn:}x='1'>}c");
        Arbitrary<String> texts = Arbitraries.strings()
                .withChars("ab <>&'\"]\t\n\r\u0085\u00e4\u2028\ufffd")
                .ofMaxLength(6)
                .map(text -> text.isEmpty() ? "\uD83D\uDE00" : text);
        Arbitrary<Element> leaves = Combinators.combine(
                        names, namespaces, Arbitraries.maps(keys, texts).ofMaxSize(3))
                .as((name, namespace, attributes) -> new Element(name, namespace, attributes, List.of()));
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Combinators.combine(leaves, texts, inner.list().ofMaxSize(2), texts)
                        .as((leaf, before, children, after) -> leaf.toBuilder()
                                .text(before)
                                .children(children)
                                .text(children.isEmpty() ? "" : after)
                                .build()),
                0,
                3);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadAgain(@ForAll("elements") Element element) {
        assertThat(FragmentReader.element(XmlText.of(element).getBytes(UTF_8))).isEqualTo(element);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void payloadsToo(@ForAll("elements") Element one, @ForAll("elements") Element other) {
        Payload payload = Payload.of(one).plus(other);
        assertThat(new Payload(payload.bytes(), new ElementName[] {payload.name(0), payload.name(1)}).children())
                .containsExactly(one, other);
        assertThat(payload.without(one::equals).children()).isEqualTo(one.equals(other) ? List.of() : List.of(other));
    }

    @Example
    void charactersThatXmlCannotCarryAreRefused() {
        for (String text : List.of("\u0000", "\u001f", "\ufffe", "\uffff")) {
            assertThatThrownBy(() -> XmlText.of(Element.text("a", "", text)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void whatIsNotOneElementIsNotRead() {
        for (String text : List.of("", "a", "<a>", "<a/><b/>", "<a/>b", "<a></b>", "<a b='1' b='2'/>", "<a:b/>")) {
            assertThatThrownBy(() -> FragmentReader.element(text.getBytes(UTF_8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
