package im.stanzabus.bench.load.wire;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bench.load.wire.StanzaScanner.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StanzaScannerTest {
    private static final String HEADER = "<?xml version='1.0'?>\n<stream:stream from='a>b' id=\"'\">";
    private static final String END = "</stream:stream>";

    private record Found(Kind kind, String xml) {}

    /// Keeps what the scanner wants to be kept, as a connection does.
    private static final class Reader {
        private final StanzaScanner scanner = new StanzaScanner();
        private final List<Found> found = new ArrayList<>();
        private byte[] rest = {};

        void read(byte[] bytes) {
            byte[] all = Arrays.copyOf(rest, rest.length + bytes.length);
            System.arraycopy(bytes, 0, all, rest.length, bytes.length);
            int keep = scanner.scan(all, rest.length, all.length, this::add);
            rest = Arrays.copyOfRange(all, keep, all.length);
        }

        private boolean add(Kind kind, byte[] bytes, int from, int to) {
            found.add(new Found(kind, new String(bytes, from, to - from, StandardCharsets.UTF_8)));
            return true;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<String> stanzas() {
        return Arbitraries.of(
                "<presence/>",
                "<a b='/'/>",
                "<message to='x' id=\">\"><body>hello /> ü</body></message>",
                "<iq type='result'><query xmlns='jabber:iq:roster'><item jid='a'/><item jid='b'><group/></item></query></iq>",
                "<m><b><![CDATA[ </b> ]] > <x> ]]]></b></m>",
                "<m a='\"' b=\"'\"></m>");
    }

    @Property(tries = 300)
    void anySplitGivesTheSame(@ForAll List<@From("stanzas") String> stanzas, @ForAll Set<Integer> cuts) {
        List<Found> expected = new ArrayList<>();
        expected.add(new Found(Kind.HEADER, HEADER.substring(HEADER.indexOf("<stream"))));
        stanzas.forEach(xml -> expected.add(new Found(Kind.ELEMENT, xml)));
        expected.add(new Found(Kind.END, END));
        byte[] stream = utf8(HEADER + " " + String.join("\n", stanzas) + END);

        Reader reader = new Reader();
        TreeSet<Integer> places = new TreeSet<>(Set.of(0, stream.length));
        cuts.forEach(cut -> places.add(Math.floorMod(cut, stream.length)));
        int from = 0;
        for (int to : places) {
            reader.read(Arrays.copyOfRange(stream, from, to));
            from = to;
        }

        assertThat(reader.found).isEqualTo(expected);
        assertThat(reader.rest).isEmpty();
    }

    @Example
    void everyByteAloneGivesTheSame() {
        String stanza = "<m><b a='>'/><![CDATA[<]]></m>";
        Reader reader = new Reader();

        for (byte each : utf8(HEADER + stanza + END)) {
            reader.read(new byte[] {each});
        }

        assertThat(reader.found).extracting(Found::kind).containsExactly(Kind.HEADER, Kind.ELEMENT, Kind.END);
        assertThat(reader.found.get(1).xml()).isEqualTo(stanza);
    }

    @Example
    void whatComesAfterAStopIsNotLookedAt() {
        StanzaScanner scanner = new StanzaScanner();
        List<Kind> found = new ArrayList<>();
        byte[] bytes = utf8(HEADER + "<proceed/><this is no XML");

        int keep = scanner.scan(bytes, 0, bytes.length, (kind, _, _, _) -> {
            found.add(kind);
            return kind == Kind.HEADER;
        });
        scanner.reset();
        byte[] next = utf8(HEADER);
        scanner.scan(next, 0, next.length, (kind, _, _, _) -> found.add(kind));

        assertThat(keep).isEqualTo(StanzaScanner.STOPPED);
        assertThat(found).containsExactly(Kind.HEADER, Kind.ELEMENT, Kind.HEADER);
    }
}
