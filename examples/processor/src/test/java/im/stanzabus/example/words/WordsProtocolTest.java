package im.stanzabus.example.words;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server with the processor, whose clients meet it in its four places.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("""
        session-service:
          processors: [words]
          processor-settings:
            words:
              refused: fishmonger, plague
              masked: zounds
              hidden: rosebud
              moderator: friar@localhost
        """)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WordsProtocolTest {
    private static final String WORDS = "<iq type='get'%s><words xmlns='urn:example:words:0'/></iq>";

    private static String chat(String id, String body) {
        return "<message to='${juliet}' type='chat' id='" + id + "'><body>" + body + "</body></message>";
    }

    private static String chatComes(String id, String body) {
        return "<message from='${romeo/tester}' type='chat' id='" + id + "'><body>" + body + "</body></message>";
    }

    @Test
    void before_aMessageComesBackToItsSender(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();

        romeo.sends(chat("m1", "You are a FISHMONGER."));
        romeo.receivesError("<message type='error' id='m1' from='${juliet}'/>", "modify", "policy-violation");
        romeo.sends(chat("m2", "You are an honest man."));

        juliet.receives(chatComes("m2", "You are an honest man."));
        juliet.receivesNothing();
        romeo.awaitsAck(2);
    }

    @Test
    void processing_aNamespaceOfItsOwnIsAnswered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        scene.account("juliet");
        String words = """
                <words xmlns='urn:example:words:0'>
                  <refused>fishmonger</refused><refused>plague</refused><masked>zounds</masked>
                </words>""";

        romeo.asks(WORDS.formatted(" to='${host}'")).is(words);
        romeo.asks(WORDS.formatted("")).is(words);
        romeo.asks(WORDS.formatted(" to='${juliet}'")).isError("cancel", "service-unavailable");
        romeo.asks(WORDS.formatted("").replace("get", "set")).isError("cancel", "not-allowed");
        romeo.asks(WORDS.formatted("").replace("<words", "<letters")).isError("modify", "bad-request");
    }

    @Test
    void processing_isAnnounced(Scene scene) {
        TestClient romeo = scene.online("romeo");

        assertThat(features(romeo, "${host}")).contains("urn:example:words:0");
        assertThat(features(romeo, "${romeo}")).contains("urn:example:words:0");
    }

    private static List<String> features(TestClient client, String to) {
        return client
                .asks("<iq type='get' to='" + to + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                .payload()
                .children()
                .stream()
                .filter(child -> child.name().equals("feature"))
                .map(feature -> feature.attribute("var"))
                .toList();
    }

    @Test
    void after_aFurtherMessageIsSent(Scene scene) {
        scene.server().createUser("friar", "localhost");
        try (TestStream friar = TestStream.secured(scene.server(), "localhost")) {
            friar.login("friar", TestServer.PASSWORD);
            friar.bind("cell");
            friar.connection().send("<presence/>");
            TestClient juliet = scene.online("juliet");
            TestClient romeo = scene.online("romeo").enableStreamManagement();

            romeo.sends(chat("m1", "Peace!"));
            romeo.sends(chat("m2", "Zounds!"));
            romeo.awaitsAck(2);

            juliet.receives(chatComes("m1", "Peace!"));
            juliet.receives(chatComes("m2", "******!"));
            Xml note = friar.connection().element();
            while (!note.name().equals("message")) {
                note = friar.connection().element();
            }
            assertThat(note.attribute("from")).isEqualTo("localhost");
            assertThat(note.child("body").text()).isEqualTo(scene.jid("romeo") + " should be talked to.");
        }
    }

    @Test
    void outgoing_aMessageIsMasked(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo");

        romeo.sends("""
                <message to='${juliet}' type='chat' id='m'>
                  <active xmlns='http://jabber.org/protocol/chatstates'/>
                  <body xml:lang='en'>Zounds! Yes, zounds.</body>
                </message>""");

        juliet.receives("""
                <message from='${romeo/tester}' type='chat' id='m'>
                  <active xmlns='http://jabber.org/protocol/chatstates'/>
                  <body xml:lang='en'>******! Yes, ******.</body>
                </message>""");
    }

    @Test
    void outgoing_aMessageVanishes(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();

        romeo.sends(chat("m1", "Rosebud"));
        romeo.sends(chat("m2", "Good night"));
        romeo.awaitsAck(2);

        juliet.receives(chatComes("m2", "Good night"));
        juliet.logsOut();
        TestClient again = scene.online("juliet");
        again.receivesNothing();
        romeo.receivesNothing();
    }

    /// More than a page of the log, of which some pages are empty in the end.
    @Test
    void outgoing_whatVanishesDoesNotHoldUpWhatWaitedBehindIt(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        for (int i = 0; i < 70; i++) {
            romeo.sends(chat("hidden" + i, "Rosebud"));
        }
        romeo.sends(chat("m1", "Zounds"));
        romeo.sends(chat("hidden", "Rosebud"));
        romeo.sends(chat("m2", "Good night"));
        romeo.awaitsAck(73);

        TestClient juliet = scene.connected("juliet");
        juliet.enableStreamManagement();
        juliet.sends("<presence/>");
        juliet.awaits("<presence from='${juliet/tester}'/>");
        juliet.receives("<message from='${romeo/tester}' id='m1' type='chat'>{*}<body>******</body></message>");
        juliet.receives("<message from='${romeo/tester}' id='m2' type='chat'>{*}<body>Good night</body></message>");
        juliet.receivesNothing();
        juliet.logsOut();
        scene.online("juliet").receivesNothing();
    }

    /// A page that the client never sees may be the last one.
    @Test
    void outgoing_allThatWaitedMayVanish(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo").enableStreamManagement();
        romeo.sends(chat("hidden", "Rosebud"));
        romeo.awaitsAck(1);

        TestClient juliet = scene.online("juliet");
        romeo.sends(chat("m", "Good night"));
        juliet.receives(chatComes("m", "Good night"));
    }
}
