package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a parser holds between two calls.
class StreamParserStateTest {
    private final StreamParser parser = new StreamParser(StreamLimits.DEFAULT, Namespaces.CLIENT);

    @BeforeEach
    void open() throws StreamErrorException {
        parser.feed(StreamParserTest.HEADER.getBytes(UTF_8));
        assertThat(parser.next()).isInstanceOf(StreamEvent.Opened.class);
        assertThat(parser.next()).isNull();
    }

    private void feed(String text) {
        parser.feed(text.getBytes(UTF_8));
    }

    @Test
    void holdsNothingWhenIdle() throws StreamErrorException {
        assertThat(parser.retained()).isZero();
        feed("<presence/>  <message><bo");
        assertThat(parser.next()).isInstanceOf(Stanza.class);
        assertThat(parser.next()).isNull();
        assertThat(parser.insideElement()).isTrue();
        assertThat(parser.retained()).isPositive();
        feed("dy/></message> \n ");
        assertThat(parser.next()).isInstanceOf(Stanza.class);
        assertThat(parser.next()).isNull();
        assertThat(parser.insideElement()).isFalse();
        assertThat(parser.retained()).isZero();
    }

    @Test
    void aPayloadIsNoPartOfABiggerArray() throws StreamErrorException {
        feed("<message><body>1</body></message>" + "<presence/>".repeat(100));
        Stanza stanza = (Stanza) parser.next();
        assertThat(stanza).isNotNull();
        assertThat(stanza.payload().bytes()).hasSize("<body>1</body>".length());
    }

    @Test
    void bytesMayBeFedBeforeOthersAreRead() throws StreamErrorException {
        feed("<presence id='1'/><presence id");
        feed("='2'/><presence");
        feed(" id='3'/>");
        for (int i = 1; i <= 3; i++) {
            Stanza stanza = (Stanza) parser.next();
            assertThat(stanza).isNotNull();
            assertThat(stanza.id()).isEqualTo(Integer.toString(i));
        }
        assertThat(parser.next()).isNull();
    }

    @Test
    void knowsWhatIsUnread() throws StreamErrorException {
        String starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
        feed(starttls + "\n");
        assertThat(parser.next()).isInstanceOf(StreamEvent.Nonza.class);
        assertThat(parser.hasUnread()).isFalse();
        feed(starttls + "<presence/>");
        assertThat(parser.next()).isInstanceOf(StreamEvent.Nonza.class);
        assertThat(parser.hasUnread()).isTrue();
        parser.discardUnread();
        assertThat(parser.hasUnread()).isFalse();
        assertThat(parser.next()).isNull();
        feed("<");
        assertThat(parser.next()).isNull();
        assertThat(parser.hasUnread()).isTrue();
    }

    @Test
    void unreadBytesBelongToTheNextStream() throws StreamErrorException {
        feed("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\n" + StreamParserTest.HEADER + "<presence/>");
        assertThat(parser.next()).isInstanceOf(StreamEvent.Nonza.class);
        parser.restart();
        assertThat(parser.next()).isInstanceOf(StreamEvent.Opened.class);
        assertThat(parser.next()).isInstanceOf(Stanza.class);
    }

    @Test
    void aNewStreamNeedsAHeader() {
        parser.restart();
        feed("<presence/>");
        StreamErrorException thrown = assertThrows(StreamErrorException.class, parser::next);
        assertThat(thrown.error().condition()).isEqualTo(Condition.INVALID_NAMESPACE);
    }

    @Test
    void limitsMayGrow() throws StreamErrorException {
        String message = "<message><body>" + "x".repeat(1000) + "</body></message>";
        parser.limits(StreamLimits.DEFAULT.withMaxStanzaBytes(message.length()));
        feed(message);
        assertThat(parser.next()).isInstanceOf(Stanza.class);
        parser.limits(StreamLimits.DEFAULT.withMaxStanzaBytes(message.length() - 1));
        feed(message);
        StreamErrorException thrown = assertThrows(StreamErrorException.class, parser::next);
        assertThat(thrown.error().condition()).isEqualTo(Condition.POLICY_VIOLATION);
    }

    /// One byte too many is refused before it is kept.
    @Test
    void theLimitOfBytesHoldsAtEveryByte() throws StreamErrorException {
        int limit = 1000;
        parser.limits(StreamLimits.DEFAULT.withMaxStanzaBytes(limit));
        byte[] endless = ("<message><body>" + "x".repeat(2 * limit)).getBytes(UTF_8);
        for (int i = 0; i < limit; i++) {
            parser.feed(new byte[] {endless[i]});
            assertThat(parser.next()).isNull();
            assertThat(parser.retained()).isLessThanOrEqualTo(limit);
        }
        parser.feed(new byte[] {endless[limit]});
        assertThrows(StreamErrorException.class, parser::next);
        assertThat(parser.retained()).isZero();
    }

    @Test
    void whitespaceBetweenElementsIsWithoutEnd() throws StreamErrorException {
        parser.limits(StreamLimits.DEFAULT.withMaxStanzaBytes(20));
        feed(" \n\r\t".repeat(10_000));
        assertThat(parser.next()).isNull();
        feed("<presence/>");
        assertThat(parser.next()).isInstanceOf(Stanza.class);
    }

    @Test
    void oneElementMayHaveManyNamesButNotTooManyDifferentOnes() throws StreamErrorException {
        feed("<message>" + "<a b='1'><c/></a>".repeat(5000) + "</message>");
        assertThat(parser.next()).isInstanceOf(Stanza.class);
        feed("<message>" + names(500) + "</message>");
        assertThat(parser.next()).isInstanceOf(Stanza.class);
        feed("<message>" + names(2000) + "</message>");
        StreamErrorException thrown = assertThrows(StreamErrorException.class, parser::next);
        assertThat(thrown).hasMessageContaining("too many different names");
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "<a" + i + "/>").collect(Collectors.joining());
    }

    /// Names that nobody sends twice must not be remembered: reading them costs the same after very many of them.
    @Test
    void namesAreNotRememberedForever() throws StreamErrorException {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 150_000; i++) {
                feed("<message><x" + i + " y" + i + "='1' xmlns='urn:" + i + "'/></message>");
                assertThat(parser.next()).isInstanceOf(Stanza.class);
            }
        });
    }
}
