package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
@ServerSettings(value = Settings.CONFIGURED, files = Settings.Files.class)
class RegistrationProtocolTest {
    private static final long REMOVAL_LIMIT_NANOS = 5_000_000_000L;

    private static final String REGISTER = "http://jabber.org/features/iq-register";
    private static final String QUERY =
            "<iq type='%s' id='r' to='%s'><query xmlns='jabber:iq:register'>%s</query></iq>";

    @Test
    @Spec(
            doc = "XEP-0077",
            section = {"3.1.1", "8"})
    void aStrangerRegisters(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        Xml features = stream.startTls(TlsClient.DEFAULT);
        assertThat(features.hasChild("register", REGISTER)).isTrue();
        Xml form = send(stream, "get", "");
        assertThat(form.child("query").hasChild("username", "jabber:iq:register"))
                .isTrue();
        assertThat(form.child("query").hasChild("password", "jabber:iq:register"))
                .isTrue();
        String user = scene.user("romeo");
        Xml done = send(stream, "set", "<username>" + user + "</username><password>secret</password>");
        assertThat(done.attribute("type")).isEqualTo("result");
        stream.login(user, "secret");
        assertThat(stream.bind("orchard")).isEqualTo(scene.jid("romeo/orchard"));
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.1.1")
    void aNameIsGivenOnce(Scene scene) {
        scene.account("romeo");
        Xml answer = send(
                scene.stranger(), "set", "<username>" + scene.user("romeo") + "</username><password>secret</password>");
        isError(answer, "conflict");
        assertThat(scene.stranger().plainAuth(scene.user("romeo"), "secret").name())
                .isEqualTo("failure");
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.1.1")
    void nameAndPasswordAreNeeded(Scene scene) {
        isError(send(scene.stranger(), "set", "<username>x</username>"), "not-acceptable");
        isError(send(scene.stranger(), "set", "<username>a@b</username><password>x</password>"), "not-acceptable");
    }

    @Test
    @Spec(doc = "XEP-0077", section = "8")
    void otherDomainsAreClosed(Scene scene) {
        TestStream stream = scene.keep(TestStream.plain(scene.server(), "external.example"));
        stream.open();
        Xml features = stream.startTls(TlsClient.DEFAULT);
        assertThat(features.hasChild("register", REGISTER)).isFalse();
        stream.connection()
                .send(QUERY.formatted("set", "external.example", "<username>x</username><password>y</password>"));
        Xml answer = stream.connection().element();
        assertThat(answer.attribute("type")).isEqualTo("error");
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.3")
    void aUserChangesThePassword(Scene scene) {
        TestClient romeo = scene.online("romeo");
        String user = scene.user("romeo");
        romeo.asks("<iq type='set' to='${host}'><query xmlns='jabber:iq:register'><username>" + user
                        + "</username><password>new secret</password></query></iq>")
                .isEmptyResult();
        romeo.receivesNothing();
        assertThat(scene.stranger().plainAuth(user, TestServer.PASSWORD).name()).isEqualTo("failure");
        scene.stranger().login(user, "new secret");
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.3")
    void nobodyChangesAnothersPassword(Scene scene) {
        scene.account("juliet");
        TestClient romeo = scene.online("romeo");
        Xml answer = romeo.asks("<iq type='set' to='${host}'><query xmlns='jabber:iq:register'><username>"
                        + scene.user("juliet") + "</username><password>mine</password></query></iq>")
                .iq();
        assertThat(answer.attribute("type")).isEqualTo("error");
        scene.stranger().login(scene.user("juliet"), TestServer.PASSWORD);
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.2")
    void anAccountIsRemovedWithAllItOwned(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient juliet = scene.online("juliet");
        juliet.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        TestClient romeo = scene.online("romeo/orchard");
        TestClient other = scene.online("romeo/garden");
        romeo.asks("<iq type='set'><vCard xmlns='vcard-temp'><FN>Romeo</FN></vCard></iq>");
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:private'><x xmlns='urn:x'><y/></x></query></iq>");
        romeo.asks("<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='${tybalt}'/></block></iq>");
        juliet.forgets();
        romeo.forgets();
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>")
                .isEmptyResult();
        other.awaits("<error xmlns='http://etherx.jabber.org/streams'>{*}</error>");
        romeo.close();
        other.close();
        juliet.awaits("<presence type='unavailable' from='${romeo/orchard}'>{*}</presence>");
        juliet.awaits("<presence type='unsubscribed' from='${romeo}' id='{any?}'>{*}</presence>");
        assertThat(scene.stranger()
                        .plainAuth(scene.user("romeo"), TestServer.PASSWORD)
                        .name())
                .isEqualTo("failure");
        createAgain(scene, "romeo");
        TestClient newcomer = scene.connected("romeo/new");
        newcomer.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>")
                .is("<query xmlns='jabber:iq:roster' ver='{any?}'/>");
        newcomer.asks("<iq type='get'><vCard xmlns='vcard-temp'/></iq>").isError("cancel", "item-not-found");
        newcomer.asks("<iq type='get'><query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query></iq>")
                .is("<query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query>");
        newcomer.asks("<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>")
                .is("<blocklist xmlns='urn:xmpp:blocking'/>");
        juliet.forgets();
        newcomer.sends("<presence/>");
        newcomer.receives("<presence from='${romeo/new}'/>");
        newcomer.receivesNothing();
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "XEP-0077", section = "3.2")
    void messagesOfARemovedAccountAreGone(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestClient romeo = scene.connected("romeo");
        juliet.sends("<message to='${romeo}' type='chat' id='m'><body>hi</body></message>");
        juliet.receivesNothing();
        romeo.asks("<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>")
                .isEmptyResult();
        // the result comes before the removal, the end of the stream with it
        romeo.awaits("<error xmlns='http://etherx.jabber.org/streams'>{*}</error>");
        romeo.close();
        juliet.sends("<message to='${romeo}' type='chat' id='n'><body>hi</body></message>");
        juliet.receivesError("<message from='${romeo}' type='error' id='n'/>", "cancel", "service-unavailable");
        createAgain(scene, "romeo");
        TestClient again = scene.connected("romeo/again");
        again.becomesAvailable().receivesNothing();
    }

    /// The name is free when everything of the removed account is gone, which is a moment after its streams
    /// have ended.
    private static void createAgain(Scene scene, String name) {
        long started = System.nanoTime();
        while (true) {
            try {
                scene.server().createUser(scene.user(name), scene.host());
                return;
            } catch (IllegalStateException e) {
                boolean inUse = String.valueOf(e.getMessage()).contains("CONFLICT");
                if (!inUse || System.nanoTime() - started > REMOVAL_LIMIT_NANOS) {
                    throw e;
                }
            }
        }
    }

    private static Xml send(TestStream stream, String type, String content) {
        stream.connection().send(QUERY.formatted(type, "localhost", content));
        return stream.connection().element();
    }

    private static void isError(Xml answer, String condition) {
        assertThat(answer.attribute("type")).as(answer.toString()).isEqualTo("error");
        assertThat(answer.child("error").hasChild(condition, "urn:ietf:params:xml:ns:xmpp-stanzas"))
                .as(answer.toString())
                .isTrue();
    }
}
