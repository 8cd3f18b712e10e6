package im.stanzabus.stanza.xml;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Looks for bytes that the stream parser and another parser read differently. As a part of the ordinary tests it runs
/// the known inputs; with `JAZZER_FUZZ=1`, as in the build's second test run, it searches for more.
class StreamParserFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void agreesWithAnotherParser(byte[] data) {
        Agreement.check(data, 1 + (Arrays.hashCode(data) & 63));
    }
}
