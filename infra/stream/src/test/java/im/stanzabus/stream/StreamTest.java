package im.stanzabus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stanza.xml.StreamLimits;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Streams that we accept and streams that we open, over real sockets.
class StreamTest {
    private static final StreamInput.Limits LIMITS =
            new StreamInput.Limits(new StreamLimits(1_000, 8, 8, 64), 2_000, StreamLimits.DEFAULT, 0);
    private static final String HEADER =
            StreamHeader.initial(Namespaces.SERVER, "a.example", "b.example").text();

    private Loopback loopback;
    private TestEnd opened;
    private TestEnd accepted;

    @BeforeEach
    void connect() throws Exception {
        loopback = new Loopback(LIMITS);
        opened = loopback.connect();
        accepted = loopback.accept();
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private static Stanza message(int number) {
        return Stanza.message(
                StanzaType.CHAT,
                Jid.of("romeo@a.example"),
                Jid.of("juliet@b.example"),
                Element.text("body", Namespaces.CLIENT, String.valueOf(number)));
    }

    @Test
    void bothSidesOpenTheStream() throws Exception {
        opened.send(StreamHeader.initial(Namespaces.SERVER, "a.example", "b.example")
                .withDialback()
                .text());
        assertThat(accepted.next(StreamEvent.class))
                .isEqualTo(new StreamEvent.Opened(
                        "b.example", "a.example", null, "1.0", "en", Set.of(Namespaces.DIALBACK)));
        accepted.run(end -> {
            end.out.raw(StreamHeader.answer(Namespaces.SERVER, "s1", "b.example", "a.example")
                    .text());
            end.out.element(Element.of("features", Namespaces.STREAMS));
        });
        assertThat(opened.next(StreamEvent.class))
                .isEqualTo(new StreamEvent.Opened("a.example", "b.example", "s1", "1.0", "en", Set.of()));
        assertThat(opened.next(StreamEvent.class))
                .isEqualTo(new StreamEvent.Nonza(Element.of("features", Namespaces.STREAMS)));
        assertThat(opened.socket.address()).isEqualTo("127.0.0.1");
    }

    @Test
    void whatIsWrittenInATurnLeavesInOnePiece() throws Exception {
        opened.run(end -> {
            end.out.raw(HEADER);
            for (int i = 1; i <= 3; i++) {
                end.out.delivery(message(i), i);
            }
            end.out.stanza(message(4));
            assertThat(end.out.waiting()).isPositive();
        });
        assertThat(opened.next(TestEnd.News.Sent.class).delivery()).isEqualTo(3);
        accepted.next(StreamEvent.Opened.class);
        for (int i = 1; i <= 4; i++) {
            assertThat(accepted.next(StreamEvent.class)).isEqualTo(message(i));
        }
        opened.send("</stream:stream>");
        assertThat(opened.next(TestEnd.News.Sent.class).delivery()).isZero();
        assertThat(accepted.next(StreamEvent.class)).isEqualTo(new StreamEvent.Closed());
        opened.run(end -> assertThat(end.out.isEmpty()).isTrue());
        assertThat(opened.flushes).hasValue(2);
    }

    @Test
    void nothingIsTakenWhileThereIsAReasonNotTo() throws Exception {
        accepted.run(end -> end.in.hold(StreamInput.WINDOW));
        opened.send(HEADER);
        opened.next(TestEnd.News.Sent.class);
        accepted.run(end -> {
            assertThat(end.in.isReading()).isFalse();
            assertThat(end.heard).isEmpty();
            end.in.hold(StreamInput.ENDING);
            end.in.release(StreamInput.WINDOW);
            assertThat(end.in.isReading()).isFalse();
            end.in.release(StreamInput.ENDING);
            assertThat(end.in.isReading()).isTrue();
        });
        accepted.next(StreamEvent.Opened.class);
    }

    @Test
    void nothingIsTakenBeforeAnAnswerIsDealtWith() throws Exception {
        Promise<String> answer = Promise.promise();
        opened.send(HEADER);
        accepted.next(StreamEvent.Opened.class);
        accepted.run(end -> end.in.await(answer.future(), end.heard::add, end.heard::add));
        opened.send("<presence/>");
        opened.next(TestEnd.News.Sent.class);
        accepted.run(_ -> answer.complete("now"));
        assertThat(accepted.next(Object.class)).isEqualTo("now");
        accepted.next(Stanza.class);
        accepted.run(end -> end.in.await(
                loopback.vertx.executeBlocking(() -> {
                    throw new IllegalStateException("late");
                }),
                _ -> end.heard.add("answered"),
                end.heard::add));
        assertThat(accepted.next(Object.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoIsNotAuthenticatedMaySendSoMuch() throws Exception {
        opened.send(HEADER + "<presence/>".repeat(200));
        assertThat(accepted.next(StreamError.class).condition()).isEqualTo(StreamError.Condition.POLICY_VIOLATION);
    }

    @Test
    void whoIsAuthenticatedMaySendMore() throws Exception {
        opened.send(HEADER);
        accepted.next(StreamEvent.Opened.class);
        accepted.run(end -> end.in.authenticated());
        opened.send("<message><body>" + "x".repeat(10_000) + "</body></message>");
        accepted.next(Stanza.class);
        assertThat(accepted.bytes).hasValueGreaterThan(10_000);
    }

    @Test
    void afterTheEndBytesAreReadAndForgotten() throws Exception {
        accepted.run(end -> end.in.end());
        opened.send(HEADER + "<presence/>");
        opened.next(TestEnd.News.Sent.class);
        opened.run(end -> end.socket.close());
        accepted.next(TestEnd.News.Gone.class);
        assertThat(accepted.heard).isEmpty();
    }

    @Test
    void theEndOfTheOutputIsSeen() throws Exception {
        accepted.send(" \n ");
        accepted.next(TestEnd.News.Sent.class);
        accepted.run(end -> end.socket.closeOutput());
        opened.next(TestEnd.News.Gone.class);
        assertThat(opened.bytes).hasValue(3);
    }

    /// The peer may be gone before anybody looks.
    @Test
    void aConnectionThatIsGoneAtOnceIsToldOf() throws Exception {
        TestEnd late = loopback.vertx
                .createNetClient()
                .connect(loopback.port(), "127.0.0.1")
                .compose(socket -> {
                    Promise<Void> closed = Promise.promise();
                    socket.closeHandler(_ -> closed.complete());
                    return socket.close().compose(_ -> closed.future()).map(socket);
                })
                .map(socket -> new TestEnd(socket, Namespaces.SERVER, LIMITS))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        late.next(TestEnd.News.Gone.class);
        late.send("nobody hears this");
        late.run(end -> assertThat(end.heard).isEmpty());
    }

    @Test
    void moreThanASecondsBytesAreADebt() {
        Throttle throttle = new Throttle(1_000_000);
        assertThat(throttle.exceeded(1_000_000)).isFalse();
        assertThat(throttle.exceeded(500_000)).isTrue();
        assertThat(throttle.pauseMillis()).isBetween(1L, 500L);
    }

    @Test
    void whoSendsTooFastIsReadLater() throws Exception {
        try (Loopback slow =
                new Loopback(new StreamInput.Limits(StreamLimits.DEFAULT, 1 << 20, StreamLimits.DEFAULT, 10_000))) {
            TestEnd sender = slow.connect();
            TestEnd reader = slow.accept();
            long start = System.nanoTime();
            sender.send(HEADER + "<message><body>" + "x".repeat(12_000) + "</body></message>");
            reader.next(Stanza.class);
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(150));
        }
    }
}
