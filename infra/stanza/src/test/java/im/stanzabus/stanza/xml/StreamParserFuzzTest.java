package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Looks for bytes that the stream parser and another parser read differently. As a part of the ordinary tests it runs
/// the known inputs; with `JAZZER_FUZZ=1`, as in the build's second test run, it searches for more.
class StreamParserFuzzTest {
    @FuzzTest(maxDuration = "20s")
    @DictionaryEntries({
        "<message",
        "<presence",
        "<iq",
        "</message>",
        "xmlns=''",
        "xmlns='jabber:client'",
        " xmlns:p='urn:x'",
        " xml:lang='en'",
        " p:a='1'",
        "<p:a/>",
        "<h:a/>",
        "<stream:a/>",
        "<![CDATA[",
        "]]>",
        "&#x",
        "&amp;",
        "&quot;",
        " type='get'",
        "</stream:stream>"
    })
    void agreesWithAnotherParser(byte[] data) {
        int piece = 1 + (Arrays.hashCode(data) & 63);
        String text = new String(data, UTF_8);
        if (text.startsWith("<?xml") || text.startsWith("<stream:stream")) {
            Agreement.checkFromStart(data, piece);
        } else {
            Agreement.check(data, piece);
        }
    }
}
