package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.again;
import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.processor.FilterVerdict;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.Processor;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.Verdict;
import im.stanzabus.processor.loading.LoadedProcessor;
import im.stanzabus.processor.loading.ProcessorChain;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is promised of acknowledged stanzas holds for what processors do to them.
@Timeout(60)
class ProcessedStanzasTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid JULIET = Jid.of("juliet@localhost/balcony");
    private static final Jid FRIAR = Jid.of("friar@localhost/cell");

    private Vertx vertx;
    private FakeServices services;

    private final List<Passage> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    private void startWith(ProcessorDescriptor.Builder descriptor, Processor processor) throws Exception {
        services.chain = new ProcessorChain(List.of(new LoadedProcessor(descriptor.build(), processor)));
        services.startPartition(0);
    }

    private void startWithAfter(Function<Passage, List<Stanza>> what) throws Exception {
        startWith(ProcessorDescriptor.named("after").after(Selector.all(Stanza.Kind.MESSAGE)), new Processor() {
            @Override
            public List<Stanza> after(Passage passage) {
                seen.add(passage);
                return what.apply(passage);
            }
        });
    }

    private ConnectionId managed(Jid client, long number) throws Exception {
        ConnectionId connection = services.available(client, number);
        services.send(new SessionEvent.Enable(connection, client, new Management("", 0, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        await(() -> services.handled.getOrDefault(connection, 0L) == 1);
        return connection;
    }

    private List<String> logOf(Jid client) {
        return services.log.of(client.bare()).stream()
                .map(entry -> body(entry.stanza()))
                .toList();
    }

    private static Element text(String body) {
        return Element.text("body", Namespaces.CLIENT, body);
    }

    @Test
    void aRefusedStanzaIsDoneAndNobodySeesIt() throws Exception {
        startWith(ProcessorDescriptor.named("before").before(Selector.all(Stanza.Kind.MESSAGE)), new Processor() {
            @Override
            public Verdict before(Passage passage) {
                return Verdict.refuse(Condition.POLICY_VIOLATION, "no");
            }
        });
        services.available(JULIET, 1);
        ConnectionId romeo = managed(ROMEO, 2);

        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET.bare(), "hi")));

        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.ERROR);
        await(() -> services.handled.get(romeo) == 2);
        assertThat(services.entriesAsked()).isZero();
        assertThat(services.told).isEmpty();
    }

    /// Both archives have what was said in the end.
    @Test
    void whatIsReplacedBeforeIsReplacedForAll() throws Exception {
        startWith(ProcessorDescriptor.named("before").before(Selector.all(Stanza.Kind.MESSAGE)), new Processor() {
            @Override
            public Verdict before(Passage passage) {
                return Verdict.replace(text(body(passage.stanza()) + "!"));
            }
        });
        services.available(JULIET, 1);
        ConnectionId romeo = managed(ROMEO, 2);

        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET.bare(), "hi").withId("m")));

        Stanza delivered = services.nextStanza();
        assertThat(body(delivered)).isEqualTo("hi!");
        assertThat(delivered.id()).isEqualTo("m");
        await(() -> services.handled.get(romeo) == 2);
        assertThat(logOf(ROMEO)).containsExactly("hi!");
        assertThat(logOf(JULIET)).containsExactly("hi!");
    }

    /// The friar hears of every message of a client, and when his message is not in his log, the
    /// client's is not acknowledged.
    @Test
    void aClientsStanzaIsDoneWhenWhatFollowsIsSafe() throws Exception {
        startWithAfter(passage -> passage.client() == null
                ? List.of()
                : List.of(Stanza.message(StanzaType.NORMAL, Jid.of("localhost"), FRIAR.bare(), text("a note"))));
        services.available(FRIAR, 1);
        services.available(JULIET, 2);
        ConnectionId romeo = managed(ROMEO, 3);
        // a headline writes nothing by itself
        Stanza news = Stanza.message(StanzaType.HEADLINE, ROMEO, JULIET, text("news"));
        Promise<Void> gate = Promise.promise();
        services.log.appendGate = gate;

        services.send(stanza(romeo, ROMEO, 2, news));
        assertThat(body(services.nextStanza())).isEqualTo("news");
        await(() -> services.entriesAsked() == 1);
        services.send(stanza(romeo, ROMEO, 3, Stanza.presence(StanzaType.AVAILABLE, ROMEO, null)));
        assertThat(services.nextStanza().isPresence()).isTrue();
        assertThat(services.handled).containsEntry(romeo, 1L);

        gate.complete();
        assertThat(body(services.nextStanza())).isEqualTo("a note");
        await(() -> services.handled.get(romeo) == 3);
    }

    /// An answer to what has come, which comes again from an owner that has not heard of the
    /// acceptance.
    @Test
    void whatFollowsIsSentOnceThoughTheStanzaComesTwice() throws Exception {
        startWithAfter(
                passage -> passage.client() == null && body(passage.stanza()).equals("hi")
                        ? List.of(
                                Stanza.message(StanzaType.CHAT, JULIET.bare(), FRIAR, text("one")),
                                Stanza.message(StanzaType.CHAT, JULIET.bare(), FRIAR, text("two")))
                        : List.of());
        services.available(FRIAR, 1);
        services.accounts.add(JULIET.bare());
        Stanza message = chat(ROMEO, JULIET.bare(), "hi");

        services.send(new SessionEvent.Inbound(message, new Origin(9, 1), "peer.0@n1", ROMEO, false));
        assertThat(body(services.nextStanza())).isEqualTo("one");
        assertThat(body(services.nextStanza())).isEqualTo("two");
        services.send(new SessionEvent.Inbound(message, new Origin(9, 1), "peer.0@n1", ROMEO, true));
        await(() -> seen.stream().filter(Passage::retry).count() == 3); // the message and both that follow
        services.send(new SessionEvent.Inbound(
                chat(ROMEO, JULIET.bare(), "hi"), new Origin(9, 2), "peer.0@n1", ROMEO, false));

        assertThat(body(services.nextStanza())).isEqualTo("one");
        assertThat(body(services.nextStanza())).isEqualTo("two");
        assertThat(logOf(FRIAR)).containsExactly("one", "two", "one", "two");
    }

    /// The two owners' processors both write to the same receiver because of the same stanza.
    @Test
    void bothSidesOfAStanzaMayHaveSomethingToSay() throws Exception {
        startWithAfter(passage -> passage.stanza().to().equals(FRIAR)
                ? List.of()
                : List.of(Stanza.message(
                        StanzaType.CHAT,
                        passage.account().jid(),
                        FRIAR,
                        text(passage.client() == null ? "came" : "sent"))));
        services.available(FRIAR, 1);
        services.accounts.add(JULIET.bare());
        ConnectionId romeo = managed(ROMEO, 2);

        services.send(stanza(romeo, ROMEO, 2, chat(ROMEO, JULIET.bare(), "hi")));
        assertThat(List.of(body(services.nextStanza()), body(services.nextStanza())))
                .containsExactlyInAnyOrder("came", "sent");
        services.send(stanza(romeo, ROMEO, 3, chat(ROMEO, ROMEO.bare(), "to myself")));

        List<String> more =
                List.of(body(services.nextStanza()), body(services.nextStanza()), body(services.nextStanza()));
        assertThat(more).containsExactlyInAnyOrder("to myself", "came", "sent");
        services.send(again(romeo, ROMEO, 3, chat(ROMEO, ROMEO.bare(), "to myself")));
        await(() -> services.handled.get(romeo) == 3);
        assertThat(services.told).isEmpty();
    }

    @Test
    void nobodyIsToldOfStanzasForNoAccount() throws Exception {
        startWithAfter(_ -> List.of());
        Stanza message = chat(ROMEO, Jid.of("nobody@localhost"), "hi");

        services.send(new SessionEvent.Inbound(message, new Origin(9, 1), "peer.0@n1", ROMEO, false));
        services.available(JULIET, 1);
        services.send(new SessionEvent.Inbound(chat(ROMEO, JULIET, "hi"), new Origin(9, 2), "peer.0@n1", ROMEO, false));

        assertThat(body(services.nextStanza())).isEqualTo("hi");
        await(() -> !seen.isEmpty());
        assertThat(seen).extracting(passage -> passage.account().jid()).containsExactly(JULIET.bare());
    }

    /// They count as delivered: the next owner does not deliver them either, and the one behind
    /// them comes.
    @Test
    void messagesThatAFilterDropsLeaveTheLog() throws Exception {
        startWith(
                ProcessorDescriptor.named("filter")
                        .outgoing(Selector.all(Stanza.Kind.MESSAGE))
                        .dropsMessages(),
                new Processor() {
                    @Override
                    public FilterVerdict outgoing(Passage passage) {
                        return body(passage.stanza()).equals("secret") ? Verdict.drop() : Verdict.pass();
                    }
                });
        services.accounts.add(JULIET.bare());
        for (int i = 1; i <= 60; i++) {
            Stanza message = chat(ROMEO, JULIET.bare(), i == 55 ? "hi" : "secret");
            services.send(new SessionEvent.Inbound(message, new Origin(9, i), "peer.0@n1", ROMEO, false));
        }
        await(() -> logOf(JULIET).size() == 60);

        ConnectionId juliet = services.available(JULIET, 1);
        ConnectionEvent.Deliver delivered = services.next(ConnectionEvent.Deliver.class);
        assertThat(body(delivered.stanza())).isEqualTo("hi");
        services.send(new SessionEvent.Delivered(juliet, JULIET, delivered.number()));

        await(() -> services.log.mark(JULIET.bare()) == 60);
        services.send(new SessionEvent.Inbound(
                chat(ROMEO, JULIET.bare(), "good night"), new Origin(9, 61), "peer.0@n1", ROMEO, false));
        assertThat(body(services.nextStanza())).isEqualTo("good night");
    }
}
