package im.stanzabus.offline;

import static im.stanzabus.offline.ArchiveClient.field;
import static im.stanzabus.offline.ArchiveClient.form;
import static im.stanzabus.offline.ArchiveClient.id;
import static im.stanzabus.offline.ArchiveClient.refusal;
import static im.stanzabus.offline.ArchiveClient.set;
import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.NOW;
import static im.stanzabus.offline.LogServer.ROMEO;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.offline.archive.Archive;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// XEP-0313, request by request.
class ArchiveTest {
    private final LogServer log = new LogServer();
    private final ArchiveClient client = new ArchiveClient(log);

    @AfterEach
    void close() {
        log.close();
    }

    private void append(long first, long last) {
        for (long id = first; id <= last; id++) {
            log.append(LogServer.archived(JULIET, id));
        }
    }

    @Test
    void sendsMessagesAsTheyAreStored() {
        Stanza stored = Stanza.message(
                        StanzaType.CHAT,
                        Jid.of("romeo@example.org/o'rchard"),
                        JULIET,
                        Element.text("body", Namespaces.CLIENT, "Ü <&> \uD83D\uDE00"),
                        Element.of("active", Namespaces.CHAT_STATES),
                        Element.builder("stanza-id", Namespaces.STANZA_ID)
                                .attribute("by", JULIET.toString())
                                .attribute("id", "7")
                                .build())
                .withId("m1");
        log.append(Change.of(LogServer.archived(JULIET, 7)).stanza(stored).entry());
        ArchiveClient.Answer answer = client.query();
        assertThat(answer.ids()).containsExactly(7L);
        Stanza message = answer.messages().getFirst();
        assertThat(message.to()).isEqualTo(ArchiveClient.BALCONY);
        assertThat(message.from()).isEqualTo(JULIET);
        assertThat(ArchiveClient.Answer.result(message).attribute("queryid")).isEqualTo("q1");
        Element forwarded = answer.forwarded(0);
        assertThat(forwarded.child("message", Namespaces.CLIENT)).isEqualTo(stored.toElement());
        assertThat(forwarded.child("delay", Namespaces.DELAY))
                .isNotNull()
                .satisfies(delay -> assertThat(delay.attribute("stamp")).isEqualTo("2026-02-03T04:05:06.123456Z"));
        assertThat(answer.complete()).isTrue();
    }

    @Test
    void givesBothSidesOfAConversationAndNothingElse() {
        log.append(
                LogServer.archived(JULIET, 1),
                Change.of(LogServer.archived(JULIET, 2)).sent().entry(),
                LogServer.entry(JULIET, 3),
                LogServer.archived(ROMEO, 1));
        assertThat(client.query().ids()).containsExactly(1L, 2L);
        log.delivered(JULIET, 3);
        assertThat(client.query().ids()).containsExactly(1L, 2L);
    }

    @Test
    void isEmptyWithoutMessages() {
        ArchiveClient.Answer answer = client.query();
        assertThat(answer.messages()).isEmpty();
        assertThat(answer.complete()).isTrue();
        assertThat(answer.fin().child("set", ArchiveClient.RSM)).isEqualTo(Element.of("set", ArchiveClient.RSM));
        assertThat(client.with(Map.of("with", "romeo@example.org")).complete()).isTrue();
    }

    @Test
    void limitsAPageInNumber() {
        append(1, 150);
        ArchiveClient.Answer answer = client.query(set("max", "5000"));
        assertThat(answer.ids()).hasSize(100).startsWith(1L);
        assertThat(answer.complete()).isFalse();
        assertThat(client.query(set("before", "")).ids()).hasSize(100).endsWith(150L);
        assertThat(client.query(set("max", "150", "after", id(50))).complete()).isTrue();
    }

    @Test
    void limitsAPageInBytes() {
        String body = "x".repeat(100_000);
        for (long id = 1; id <= 7; id++) {
            log.append(Change.of(LogServer.archived(JULIET, id))
                    .stanza(LogServer.message(body))
                    .entry());
        }
        ArchiveClient.Answer first = client.query();
        assertThat(first.ids()).containsExactly(1L, 2L, 3L);
        assertThat(first.complete()).isFalse();
        ArchiveClient.Answer last = client.query(set("before", ""));
        assertThat(last.ids()).containsExactly(5L, 6L, 7L);
        assertThat(client.query(set("after", id(6))).complete()).isTrue();
    }

    @Test
    void findsMessagesByTheirIds() {
        append(1, 9);
        assertThat(client.query(x(field("ids", id(7), id(2), id(5)))).ids()).containsExactly(2L, 5L, 7L);
        assertThat(client.with(Map.of("after-id", id(3), "before-id", id(6))).ids())
                .containsExactly(4L, 5L);
        ArchiveClient.Answer page = client.query(form(Map.of("after-id", id(2))), set("before", id(8), "max", "2"));
        assertThat(page.ids()).containsExactly(6L, 7L);
    }

    @Test
    void doesNotFindWhatIsNotThere() {
        append(1, 3);
        log.append(LogServer.entry(JULIET, 4));
        String others = new StanzaIds(LogServer.ID_KEY).write(StanzaIds.tag(LogServer.ROMEO), 1);
        for (String id : List.of(id(9), id(4), others, "1", "0", "-1", "abc", "A".repeat(22))) {
            assertThat(refusal(() -> client.query(set("after", id)))).isEqualTo(Condition.ITEM_NOT_FOUND);
            assertThat(refusal(() -> client.query(set("before", id)))).isEqualTo(Condition.ITEM_NOT_FOUND);
            assertThat(refusal(() -> client.with(Map.of("after-id", id)))).isEqualTo(Condition.ITEM_NOT_FOUND);
            assertThat(refusal(() -> client.with(Map.of("before-id", id)))).isEqualTo(Condition.ITEM_NOT_FOUND);
            assertThat(refusal(() -> client.query(x(field("ids", id(1), id))))).isEqualTo(Condition.ITEM_NOT_FOUND);
        }
    }

    @Test
    void takesTimesBothEndsIncluded() {
        for (int i = 0; i < 5; i++) {
            log.append(Change.of(LogServer.archived(JULIET, i + 1))
                    .received(NOW.plusSeconds(i))
                    .entry());
        }
        String second = NOW.plusSeconds(1).toString();
        String fourth = NOW.plusSeconds(3).toString();
        assertThat(client.with(Map.of("start", second, "end", fourth)).ids()).containsExactly(2L, 3L, 4L);
        assertThat(client.with(Map.of("start", "2026-02-03T06:05:09.123456+02:00"))
                        .ids())
                .containsExactly(4L, 5L);
        assertThat(client.with(Map.of("end", "2026-02-03T04:05:06Z")).ids()).isEmpty();
    }

    /// Messages of before keep the last day they were given.
    @Test
    void findsTimesAfterTheHostKeepsMessagesForAnotherTime() {
        append(1, 1);
        log.stop();
        log.start(LogServer.CONFIG, Duration.ofSeconds(9), List.of(keeping(Duration.ofDays(30))));
        append(2, 2);
        log.stop();
        log.start(LogServer.CONFIG, Duration.ofSeconds(9), List.of(keeping(Duration.ZERO)));
        append(3, 3);
        assertThat(client.with(Map.of("start", NOW.toString(), "end", NOW.toString()))
                        .ids())
                .containsExactly(1L, 2L, 3L);
        assertThat(client.with(Map.of("start", NOW.toString())).ids()).hasSize(3);
        assertThat(client.with(Map.of("end", NOW.toString())).ids()).hasSize(3);
    }

    private static im.stanzabus.launcher.VirtualHost keeping(Duration keep) {
        return new im.stanzabus.launcher.VirtualHost("example.org", false, false, false, true, keep);
    }

    @Test
    void doesNotShowWhatIsExpired() {
        append(1, 1);
        log.now = NOW.plus(Duration.ofDays(365));
        assertThat(client.query().ids()).containsExactly(1L);
        log.now = NOW.plus(Duration.ofDays(366));
        assertThat(client.query().ids()).isEmpty();
        assertThat(refusal(() -> client.query(set("after", id(1))))).isEqualTo(Condition.ITEM_NOT_FOUND);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.standing(JULIET).waiting()).isZero();
    }

    @Test
    void tellsRoomsFromPeople() {
        Stanza groupchat = LogServer.message("to all").withType(StanzaType.GROUPCHAT);
        log.append(
                LogServer.archived(JULIET, 1),
                Change.of(LogServer.archived(JULIET, 2)).stanza(groupchat).entry());
        assertThat(client.with(Map.of("include-groupchat", "false")).ids()).containsExactly(1L);
        assertThat(client.with(Map.of("include-groupchat", "true")).ids()).containsExactly(1L, 2L);
        assertThat(refusal(() -> client.with(Map.of("include-groupchat", "maybe"))))
                .isEqualTo(Condition.BAD_REQUEST);
    }

    /// Otherwise every message would match.
    @Test
    void findsMessagesToOneself() {
        Entry own = Change.of(LogServer.archived(JULIET, 2))
                .peer(JULIET)
                .stanza(Stanza.message(StanzaType.CHAT, ArchiveClient.BALCONY, JULIET))
                .entry();
        log.append(LogServer.archived(JULIET, 1), own);
        assertThat(client.with(Map.of("with", "juliet@example.org")).ids()).containsExactly(2L);
    }

    @Test
    void flipsAPage() {
        append(1, 9);
        ArchiveClient.Answer answer = client.query(set("max", "3", "after", id(2)), ArchiveClient.flip());
        assertThat(answer.ids()).containsExactly(5L, 4L, 3L);
        assertThat(answer.end("first")).isEqualTo(3);
        assertThat(answer.end("last")).isEqualTo(5);
    }

    @Test
    void describesItsForm() {
        Element query = client.ask(StanzaType.GET, Element.of("query", Archive.NAMESPACE))
                .payload()
                .getFirst();
        Element form = query.child("x", Namespaces.DATA_FORMS);
        assertThat(form).isNotNull();
        assertThat(form.attribute("type")).isEqualTo("form");
        assertThat(form.children())
                .extracting(field -> field.attribute("var") + ":" + field.attribute("type"))
                .containsExactly(
                        "FORM_TYPE:hidden",
                        "with:jid-single",
                        "start:text-single",
                        "end:text-single",
                        "before-id:text-single",
                        "after-id:text-single",
                        "ids:list-multi",
                        "include-groupchat:boolean");
    }

    @Test
    void refusesWrongForms() {
        assertThat(refusal(() -> client.with(Map.of("{http://example.com/}free-text", "x"))))
                .isEqualTo(Condition.FEATURE_NOT_IMPLEMENTED);
        assertThat(refusal(() -> client.with(Map.of("start", "yesterday")))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> client.with(Map.of("end", "+99999-01-01T00:00:00Z"))))
                .isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> client.with(Map.of("with", "@")))).isEqualTo(Condition.JID_MALFORMED);
        assertThat(refusal(() -> client.query(x(field("with", "a@b", "c@d"))))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> client.query(x(field("start"), field("start")))))
                .isEqualTo(Condition.BAD_REQUEST);
        Element untyped = Element.builder("x", Namespaces.DATA_FORMS)
                .attribute("type", "submit")
                .build();
        assertThat(refusal(() -> client.query(untyped))).isEqualTo(Condition.BAD_REQUEST);
        Element cancelled =
                form(Map.of()).toBuilder().attribute("type", "cancel").build();
        assertThat(refusal(() -> client.query(cancelled))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(client.query(x(field("start"), field("with", ""))).complete())
                .isTrue();
    }

    @Test
    void refusesWrongPages() {
        assertThat(refusal(() -> client.query(set("index", "0", "max", "10"))))
                .isEqualTo(Condition.FEATURE_NOT_IMPLEMENTED);
        assertThat(refusal(() -> client.query(set("max", "ten")))).isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> client.query(set("max", "-1")))).isEqualTo(Condition.BAD_REQUEST);
    }

    @Test
    void refusesWhatIsNoRequestOfTheAccount() {
        Element query = Element.of("query", Archive.NAMESPACE);
        assertThat(refusal(() -> client.ask(false, StanzaType.SET, query))).isEqualTo(Condition.FORBIDDEN);
        assertThat(refusal(() -> client.ask(StanzaType.SET, Element.of("metadata", Archive.NAMESPACE))))
                .isEqualTo(Condition.BAD_REQUEST);
        assertThat(refusal(() -> client.ask(StanzaType.GET, Element.of("answer", Archive.NAMESPACE))))
                .isEqualTo(Condition.BAD_REQUEST);
        Element node = query.toBuilder().attribute("node", "urn:x").build();
        assertThat(refusal(() -> client.ask(StanzaType.SET, node))).isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void tellsItsFirstAndLastMessage() {
        assertThat(metadata()).isEqualTo(Element.of("metadata", Archive.NAMESPACE));
        append(3, 3);
        assertThat(metadata().children())
                .hasSize(2)
                .allSatisfy(end -> assertThat(end.attribute("id")).isEqualTo(id(3)));
        log.append(
                Change.of(LogServer.archived(JULIET, 4))
                        .received(NOW.plusSeconds(60))
                        .entry(),
                LogServer.entry(JULIET, 5));
        assertThat(metadata().child("start"))
                .isNotNull()
                .satisfies(start ->
                        assertThat(start.attributes()).isEqualTo(Map.of("id", id(3), "timestamp", NOW.toString())));
        assertThat(metadata().child("end"))
                .isNotNull()
                .satisfies(end -> assertThat(end.attributes())
                        .isEqualTo(Map.of(
                                "id", id(4), "timestamp", NOW.plusSeconds(60).toString())));
    }

    private Element metadata() {
        return client.ask(StanzaType.GET, Element.of("metadata", Archive.NAMESPACE))
                .payload()
                .getFirst();
    }

    private static Element x(Element... fields) {
        return form(Map.of()).toBuilder().children(List.of(fields)).build();
    }
}
