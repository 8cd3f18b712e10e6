package im.stanzabus.processor;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SelectorTest {
    private static final Stanza MESSAGE = Stanza.message(
            StanzaType.CHAT,
            Jid.of("romeo@example.org/orchard"),
            Jid.of("juliet@example.org"),
            Element.text("body", Namespaces.CLIENT, "hi"),
            Element.of("active", Namespaces.CHAT_STATES));

    static List<Arguments> selectors() {
        Stanza.Kind message = Stanza.Kind.MESSAGE;
        return List.of(
                Arguments.of(Selector.all(message), true),
                Arguments.of(Selector.all(Stanza.Kind.IQ), false),
                Arguments.of(Selector.child(message, "body", Namespaces.CLIENT), true),
                Arguments.of(Selector.child(message, "active", Namespaces.CHAT_STATES), true),
                Arguments.of(Selector.child(Stanza.Kind.PRESENCE, "body", Namespaces.CLIENT), false),
                Arguments.of(Selector.child(message, "body", Namespaces.CHAT_STATES), false),
                Arguments.of(Selector.child(message, "subject", Namespaces.CLIENT), false),
                Arguments.of(Selector.namespace(message, Namespaces.CHAT_STATES), true),
                Arguments.of(Selector.namespace(message, Namespaces.RECEIPTS), false));
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void choosesByKindAndChild(Selector selector, boolean chosen) {
        assertThat(selector.matches(MESSAGE)).isEqualTo(chosen);
    }

    @Test
    void aStanzaWithoutContentHasNoChild() {
        Stanza empty = Stanza.presence(StanzaType.AVAILABLE, null, null);
        assertThat(Selector.all(Stanza.Kind.PRESENCE).matches(empty)).isTrue();
        assertThat(Selector.namespace(Stanza.Kind.PRESENCE, Namespaces.CLIENT).matches(empty))
                .isFalse();
    }
}
