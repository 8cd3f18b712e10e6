package im.stanzabus.stanza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.StanzaError.Condition;
import org.junit.jupiter.api.Test;

class StanzaErrorTest {
    /// Whoever makes it hears of that; later it would leave somebody without an answer.
    @Test
    void whatXmlCannotCarryIsNoError() {
        assertThat(StanzaError.of(Condition.GONE, "<\t>").toElement().toString())
                .contains("&lt;\t&gt;");
        assertThatThrownBy(() -> StanzaError.of(Condition.GONE, "a\u0001"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StanzaError.of(Condition.GONE).withDetail(Element.text("x", "urn:x", "\u0001")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
