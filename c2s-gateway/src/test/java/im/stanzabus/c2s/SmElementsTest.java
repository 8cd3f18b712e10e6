package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Management;
import im.stanzabus.stanza.Element;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmElementsTest {
    /// XEP-0198 section 4: counts start again at 0 after 2^32 - 1.
    @Property
    void countsAreComparedAroundTheCircle(
            @ForAll @LongRange(min = 0, max = 1L << 40) long from, @ForAll @IntRange(min = -100_000) int ahead) {
        long h = (from + ahead) & 0xFFFF_FFFFL;
        assertThat(SmElements.ahead(from, h)).isEqualTo(ahead);
    }

    @Property
    void countsAreWrittenWithThirtyTwoBits(@ForAll @LongRange(min = 0) long handled) {
        String h = String.valueOf(handled % (1L << 32));
        assertThat(SmElements.ack(handled)).isEqualTo("<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>");
        assertThat(SmElements.resumed(new Management("id", 1, 0, 0), handled).attribute("h"))
                .isEqualTo(h);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "4294967295, 4294967295", "4294967296, -1", "-1, -1", "x, -1", "'', -1", "1.5, -1"})
    void aCountIsAnUnsignedInt(String text, long expected) {
        assertThat(SmElements.h(Element.builder("a", SmElements.NAMESPACE)
                        .attribute("h", text)
                        .build()))
                .isEqualTo(expected);
    }

    @Test
    void aMissingCountIsNone() {
        assertThat(SmElements.h(Element.of("a", SmElements.NAMESPACE))).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "1, true", "false, false", "0, false", "yes, false"})
    void resumptionIsABoolean(String text, boolean expected) {
        assertThat(SmElements.wantsResumption(Element.builder("enable", SmElements.NAMESPACE)
                        .attribute("resume", text)
                        .build()))
                .isEqualTo(expected);
    }
}
