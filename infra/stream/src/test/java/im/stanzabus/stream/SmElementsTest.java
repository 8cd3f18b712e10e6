package im.stanzabus.stream;

import static org.assertj.core.api.Assertions.assertThat;

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
    @ParameterizedTest
    @CsvSource({
        // before, sent, h, acknowledged
        "0, 0, 0, 0",
        "0, 5, 5, 5",
        "0, 5, 6, -1",
        "3, 5, 3, 3",
        "3, 5, 2, 3",
        "3, 5, 0, 3",
        "3, 5, 4294967295, -1",
        "0, 0, 4294967295, -1",
        "0, 5, 2147483647, -1",
        "0, 5, 2147483648, -1",
        "0, 5, 2147483653, -1",
        "3, 5, 2147483652, -1",
        "100000, 100005, 40000, 100000",
        "100000, 100005, 30000, -1",
        "4294967290, 4294967300, 4294967295, 4294967295",
        "4294967290, 4294967300, 0, 4294967296",
        "4294967290, 4294967300, 4, 4294967300",
        "4294967290, 4294967300, 5, -1",
        "4294967300, 4294967300, 4294967295, 4294967300",
        "4294967300, 4294967300, 2147483648, -1",
        "8589934590, 8589934594, 2, 8589934594",
        "8589934590, 8589934594, 3, -1",
    })
    void onlyWhatWasSentCanBeAcknowledged(long before, long sent, long h, long acknowledged) {
        assertThat(SmElements.acknowledged(before, sent, h)).isEqualTo(acknowledged);
    }

    @Property
    void countsAreComparedAroundTheCircle(
            @ForAll @LongRange(min = 1 << 17, max = 1L << 40) long before,
            @ForAll @IntRange(max = 10_000) int open,
            @ForAll @IntRange(min = -70_000, max = 20_000) int ahead) {
        long acknowledged = SmElements.acknowledged(before, before + open, (before + ahead) & 0xFFFF_FFFFL);
        if (ahead > open || ahead < -65_536) {
            assertThat(acknowledged).isEqualTo(-1);
        } else {
            assertThat(acknowledged).isEqualTo(before + Math.max(0, ahead));
        }
    }

    @Property
    void countsAreWrittenWithThirtyTwoBits(@ForAll @LongRange(min = 0) long handled) {
        String h = String.valueOf(handled % (1L << 32));
        assertThat(SmElements.ack(handled)).isEqualTo("<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>");
        assertThat(SmElements.resumed("id", handled).attribute("h")).isEqualTo(h);
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
