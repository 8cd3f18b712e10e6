package im.stanzabus.server.protocol;

import static im.stanzabus.server.protocol.ArchivePage.MAM;
import static im.stanzabus.server.protocol.ArchivePage.RSM;
import static im.stanzabus.server.protocol.ArchivePage.field;
import static im.stanzabus.server.protocol.ArchivePage.form;
import static im.stanzabus.server.protocol.ArchivePage.page;
import static im.stanzabus.server.protocol.ArchivePage.query;
import static im.stanzabus.server.protocol.ArchivePage.set;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `urn:xmpp:mam:2`, `urn:xmpp:mam:2#extended` and `urn:xmpp:mam:2#groupchat-field` promise.
@ExtendWith(XmppServerExtension.class)
class ArchiveQueriesProtocolTest {
    private static final String METADATA = "<iq type='get'><metadata xmlns='" + MAM + "'/></iq>";
    private static final String UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA";

    /// A client that has sent 0, 1, 2 and so on to Juliet.
    private static TestClient talkative(Scene scene, int messages) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        for (int i = 0; i < messages; i++) {
            romeo.sends("<message to='${juliet}' type='chat'><body>" + i + "</body></message>");
        }
        scene.settle();
        return romeo;
    }

    @Test
    @Spec(doc = "XEP-0313", section = "7")
    @Spec(doc = "XEP-0059", section = "4")
    void anAccountTellsWhatItsArchiveCanDo(Scene scene) {
        String ask = "<iq type='get'%s><query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
        for (String to : List.of("", " to='${romeo}'")) {
            Xml info = scene.connected("romeo").asks(ask.formatted(to)).payload();
            assertThat(info.children().stream()
                            .map(child -> child.attribute("var"))
                            .filter(feature -> feature.startsWith("urn:xmpp:mam") || feature.startsWith(RSM)))
                    .containsExactlyInAnyOrder(MAM, MAM + "#extended", MAM + "#groupchat-field", RSM);
        }
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.2")
    void resultsComeBeforeTheAnswerAndNameTheQuery(Scene scene) {
        TestClient romeo = talkative(scene, 2);
        romeo.forgets();
        romeo.sends("<iq type='set' id='q'><query xmlns='" + MAM + "' queryid='f27'/></iq>");
        for (String body : List.of("0", "1")) {
            Xml result =
                    romeo.receivesOne("<message from='${romeo}'>{*}</message>").child("result");
            assertThat(result.namespace()).isEqualTo(MAM);
            assertThat(result.attribute("queryid")).isEqualTo("f27");
            Xml forwarded = result.child("forwarded");
            assertThat(forwarded.namespace()).isEqualTo("urn:xmpp:forward:0");
            assertThat(forwarded.child("delay").namespace()).isEqualTo("urn:xmpp:delay");
            assertThat(forwarded.child("message").namespace()).isEqualTo("jabber:client");
            assertThat(forwarded.child("message").child("body").text()).isEqualTo(body);
        }
        assertThat(romeo.nextStanza("the answer").attribute("id")).isEqualTo("q");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "5")
    void metadataAreTheFirstAndTheLastMessage(Scene scene) {
        TestClient romeo = talkative(scene, 3);
        ArchivePage all = page(romeo, "");
        List<Xml> ends = romeo.asks(METADATA).payload().children();
        assertThat(ends).extracting(Xml::name).containsExactly("start", "end");
        assertThat(ends)
                .extracting(end -> end.attribute("id"))
                .containsExactly(all.ids().getFirst(), all.ids().getLast());
        assertThat(ends)
                .extracting(end -> end.attribute("timestamp"))
                .containsExactly(all.stamps().getFirst(), all.stamps().getLast());
    }

    @Test
    @Spec(
            doc = "XEP-0313",
            section = {"4.1", "5"})
    @Spec(doc = "XEP-0059", section = "2.2")
    void anEmptyArchiveIsNoError(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks(METADATA).is("<metadata xmlns='" + MAM + "'/>");
        romeo.asks(query("")).is("<fin xmlns='" + MAM + "' complete='true'><set xmlns='" + RSM + "'/></fin>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.1.5")
    void theFormHasEveryField(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='get'><query xmlns='" + MAM + "'/></iq>").is("""
                <query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'>
                  <field type='hidden' var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>
                  <field type='jid-single' var='with'/>
                  <field type='text-single' var='start'/>
                  <field type='text-single' var='end'/>
                  <field type='text-single' var='before-id'/>
                  <field type='text-single' var='after-id'/>
                  <field type='list-multi' var='ids'>
                    <validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'><open/></validate>
                  </field>
                  <field type='boolean' var='include-groupchat'/>
                </x></query>""");
        romeo.asks(query(form(field("{http://example.com/}free-text-search", "thou"))))
                .isError("cancel", "feature-not-implemented");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.1.3")
    void messagesAreFoundByTheirIds(Scene scene) {
        TestClient romeo = talkative(scene, 5);
        List<String> ids = page(romeo, "").ids();
        assertThat(page(romeo, form(field("ids", ids.get(3), ids.get(1)))).bodies())
                .containsExactly("1", "3");
        assertThat(page(romeo, form(field("after-id", ids.get(2)))).bodies()).containsExactly("3", "4");
        assertThat(page(romeo, form(field("before-id", ids.get(2)))).bodies()).containsExactly("0", "1");
        assertThat(page(romeo, form(field("after-id", ids.get(0)) + field("before-id", ids.get(4))))
                        .bodies())
                .containsExactly("1", "2", "3");
        assertThat(page(romeo, form(field("after-id", ids.get(0))) + set("<max>2</max><before/>"))
                        .bodies())
                .as("the last page of these")
                .containsExactly("3", "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ids", "after-id", "before-id"})
    @Spec(doc = "XEP-0313", section = "4.1.3")
    void anUnknownIdInAFormIsToldAsSuch(String name, Scene scene) {
        TestClient romeo = talkative(scene, 1);
        TestClient juliet = scene.connected("juliet");
        for (String id : List.of(UNKNOWN, "1", page(juliet, "").ids().getFirst())) {
            romeo.asks(query(form(field(name, id)))).isError("cancel", "item-not-found");
        }
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.1.2")
    void timesAreExactAndBelongToTheRange(Scene scene) {
        TestClient romeo = talkative(scene, 3);
        ArchivePage all = page(romeo, "");
        Instant second = Instant.parse(all.stamps().get(1));
        assertThat(page(romeo, form(field("start", second.toString()))).bodies())
                .isEqualTo(bodies(all, stamp -> !stamp.isBefore(second)));
        assertThat(page(romeo, form(field("end", second.toString()))).bodies())
                .isEqualTo(bodies(all, stamp -> !stamp.isAfter(second)));
        assertThat(page(romeo, form(field("start", second.toString()) + field("end", second.toString())))
                        .bodies())
                .isEqualTo(bodies(all, second::equals));
        romeo.asks(query(form(field("start", "yesterday")))).isError("modify", "bad-request");
    }

    private static List<String> bodies(ArchivePage all, Predicate<Instant> wanted) {
        return IntStream.range(0, all.results().size())
                .filter(i -> wanted.test(Instant.parse(all.stamps().get(i))))
                .mapToObj(i -> all.bodies().get(i))
                .toList();
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.1.1")
    void whatOneTellsOneselfIsFoundByTheOwnAddress(Scene scene) {
        TestClient romeo = talkative(scene, 1);
        romeo.sends("<message to='${romeo}' type='chat'><body>note</body></message>");
        scene.settle();
        assertThat(page(romeo, form(field("with", scene.jid("romeo")))).bodies())
                .containsExactly("note");
        romeo.asks(query(form(field("with", "@")))).isError("modify", "jid-malformed");
    }

    /// No message of a room is stored here, so both answers have all there is.
    @Test
    @Spec(doc = "XEP-0313", section = "4.1.4")
    void messagesOfRoomsCanBeLeftOut(Scene scene) {
        TestClient romeo = talkative(scene, 1);
        for (String wanted : List.of("true", "false")) {
            assertThat(page(romeo, form(field("include-groupchat", wanted))).bodies())
                    .containsExactly("0");
        }
        romeo.asks(query(form(field("include-groupchat", "maybe")))).isError("modify", "bad-request");
    }

    @Test
    @Spec(doc = "XEP-0313", section = "4.3.1")
    @Spec(doc = "XEP-0059", section = "2.1")
    void aPageHasNoMoreThanWasAskedFor(Scene scene) {
        TestClient romeo = talkative(scene, 3);
        ArchivePage page = page(romeo, set("<max>2</max>"));
        assertThat(page.bodies()).containsExactly("0", "1");
        assertThat(page.isComplete()).isFalse();
        romeo.receivesNothing();
        assertThat(page(romeo, set("<max>3</max>")).isComplete()).isTrue();
    }

    @Test
    @Spec(doc = "XEP-0059", section = "2.7")
    void messagesAreCountedWithoutBeingSent(Scene scene) {
        TestClient romeo = talkative(scene, 5);
        String third = page(romeo, "").ids().get(2);
        romeo.asks(query(set("<max>0</max>")))
                .is("<fin xmlns='" + MAM + "'><set xmlns='" + RSM + "'><count>5</count></set></fin>");
        romeo.asks(query(form(field("after-id", third)) + set("<max>0</max>")))
                .is("<fin xmlns='" + MAM + "'><set xmlns='" + RSM + "'><count>2</count></set></fin>");
        romeo.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0059", section = "2.6")
    void pagesAreNotFoundByAnIndex(Scene scene) {
        talkative(scene, 2)
                .asks(query(set("<max>1</max><index>1</index>")))
                .isError("cancel", "feature-not-implemented");
    }
}
