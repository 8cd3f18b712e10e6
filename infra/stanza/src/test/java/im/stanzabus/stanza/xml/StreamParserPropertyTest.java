package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class StreamParserPropertyTest {
    @Provide
    Arbitrary<String> insides() {
        return XmlSource.wellFormedMostly();
    }

    @Property(tries = 20_000)
    void agreesWithAnotherParser(@ForAll("insides") String inside, @ForAll @IntRange(min = 1, max = 300) int piece) {
        Agreement.check(inside.getBytes(UTF_8), piece);
    }

    @Provide
    Arbitrary<String> otherContents() {
        return Arbitraries.of(Namespaces.SERVER, Namespaces.COMPONENT);
    }

    /// What servers and components send is passed on as if a client had sent it.
    @Property(tries = 10_000)
    void agreesWithAnotherParserOnStreamsOfServers(
            @ForAll("otherContents") String contentNamespace,
            @ForAll("insides") String inside,
            @ForAll @IntRange(min = 1, max = 300) int piece) {
        Agreement.check(contentNamespace, inside.getBytes(UTF_8), piece);
    }

    /// Bytes that are not UTF-8 come in by changing single ones.
    @Property(tries = 10_000)
    void agreesWithAnotherParserOnAnyBytes(
            @ForAll("insides") String inside, @ForAll @IntRange(min = 0) int place, @ForAll byte changed) {
        byte[] bytes = inside.getBytes(UTF_8);
        bytes[place % bytes.length] = changed;
        Agreement.check(bytes, bytes.length);
    }

    @Provide
    Arbitrary<String> starts() {
        return XmlSource.starts();
    }

    @Property(tries = 5000)
    void opensAsAnotherParserDoes(@ForAll("starts") String start, @ForAll @IntRange(min = 1, max = 300) int piece) {
        Agreement.checkFromStart(start.getBytes(UTF_8), piece);
    }

    @Property(tries = 3000)
    void readsTheSameInAnyPieces(@ForAll("insides") String inside, @ForAll Random random) {
        byte[] bytes = (Agreement.HEADER + inside).getBytes(UTF_8);
        assertThat(read(bytes, random)).isEqualTo(read(bytes, null));
    }

    /// All events and at last the error.
    private static List<Object> read(byte[] bytes, Random pieces) {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        List<Object> seen = new ArrayList<>();
        try {
            for (int from = 0; from < bytes.length; ) {
                int to = pieces == null ? bytes.length : Math.min(bytes.length, from + 1 + pieces.nextInt(20));
                parser.feed(Arrays.copyOfRange(bytes, from, to));
                from = to;
                for (StreamEvent event = parser.next(); event != null; event = parser.next()) {
                    seen.add(event);
                }
            }
        } catch (StreamErrorException e) {
            seen.add(e.error());
        }
        return seen;
    }
}
