package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// How much reading and writing a stanza may allocate. Memory is what does not depend on the machine: of many
/// rounds the cheapest counts, as loading and compiling classes only adds. Budgets are a third above what was
/// measured, which is the same for interpreted and for compiled code.
class AllocationBudgetTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 50;
    private static final int STANZAS = 200;
    private static final byte[] CHAT = ("<message type='chat' id='purple3f9a' to='juliet@localhost'><active"
                    + " xmlns='http://jabber.org/protocol/chatstates'/><body>But, soft! what light through yonder window"
                    + " breaks?</body></message>")
            .getBytes(UTF_8);

    private final StreamParser parser = open();
    private StreamEvent read;

    private static StreamParser open() {
        StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);
        parser.feed(StreamParserTest.HEADER.getBytes(UTF_8));
        next(parser);
        return parser;
    }

    private static StreamEvent next(StreamParser parser) {
        try {
            return parser.next();
        } catch (StreamErrorException e) {
            throw new AssertionError(e);
        }
    }

    /// Bytes for each run.
    private static long allocated(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < STANZAS; i++) {
                work.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least / STANZAS;
    }

    /// The names of the tags that are open.
    @Test
    void findingTheEndOfAChat() throws StreamErrorException {
        StreamFramer framer = new StreamFramer(StreamLimits.DEFAULT);
        byte[] header = "<stream:stream>".getBytes(UTF_8);
        framer.scan(header, 0, header.length);
        assertThat(allocated(() -> {
                    try {
                        framer.scan(CHAT, 0, CHAT.length);
                    } catch (StreamErrorException e) {
                        throw new AssertionError(e);
                    }
                }))
                .isLessThanOrEqualTo(64);
    }

    @Test
    void readingAChat() {
        assertThat(allocated(() -> {
                    parser.feed(CHAT);
                    read = next(parser);
                }))
                .isLessThanOrEqualTo(600);
        assertThat(read).isInstanceOf(Stanza.class);
    }

    @Test
    void readingAChatThatComesInTwoPieces() {
        byte[] first = Arrays.copyOf(CHAT, 100);
        byte[] second = Arrays.copyOfRange(CHAT, 100, CHAT.length);
        assertThat(allocated(() -> {
                    parser.feed(first);
                    next(parser);
                    parser.feed(second);
                    read = next(parser);
                }))
                .isLessThanOrEqualTo(1_200);
        assertThat(read).isInstanceOf(Stanza.class);
    }

    /// Into a buffer that is there already.
    @Test
    void writingAChatAllocatesNothing() {
        parser.feed(CHAT);
        Stanza chat = ((Stanza) next(parser)).withFrom(Jid.of("romeo@localhost/orchard"));
        StanzaWriter writer = new StanzaWriter();
        assertThat(allocated(() -> {
                    writer.reset();
                    writer.stanza(chat);
                }))
                .isZero();
    }
}
