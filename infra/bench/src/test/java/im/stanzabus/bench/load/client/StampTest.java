package im.stanzabus.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StampTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Property(tries = 200)
    void whatIsWrittenIsFound(@ForAll int run, @ForAll long time, @ForAll int number, @ForAll int meant) {
        Stamp stamp = new Stamp(run, time, number, meant);
        byte[] bytes = ascii("<message><body>" + "?".repeat(Stamp.LENGTH) + " text</body></message>");

        int end = stamp.write(bytes, "<message><body>".length());

        assertThat(end).isEqualTo("<message><body>".length() + Stamp.LENGTH);
        assertThat(Stamp.find(bytes, 0, bytes.length)).isEqualTo(stamp);
    }

    @Example
    void otherTextHasNone() {
        byte[] bytes = ascii("<message><body>@ the usual place, at the usual hour, on the usual day</body></message>");

        assertThat(Stamp.find(bytes, 0, bytes.length)).isNull();
    }
}
