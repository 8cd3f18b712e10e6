package im.stanzabus.server.protocol;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server that is stopped in good order and started again. The configuration is this class's own, so that
/// nobody else's server is stopped.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("hosts: [{domain: localhost}]\n")
class RestartProtocolTest {

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.20", "4.4"})
    @Spec(doc = "XEP-0160", section = "2")
    @Spec(doc = "RFC6121", section = "3.1.3")
    void streamsAreClosedAndEverythingIsKept(Scene scene, EmbeddedServer server) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.online("romeo");
        TestClient tybalt = scene.online("tybalt");
        romeo.sends("<message to='${juliet}' type='chat' id='m'><body>hi</body></message>");
        tybalt.sends("<presence to='${juliet}' type='subscribe'/>");
        romeo.asks("<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='${tybalt}'/></block></iq>");
        scene.settle();
        server.restart();
        romeo.failsWith("system-shutdown");
        tybalt.failsWith("system-shutdown");
        TestClient juliet = scene.connected("juliet").becomesAvailable();
        juliet.receivesInAnyOrder(
                "<presence type='subscribe' from='${tybalt}' id='{any?}'/>",
                "<message from='${romeo/tester}' type='chat' id='m'>{*}<body>hi</body></message>");
        juliet.receivesNothing();
        TestClient again = scene.online("romeo/again");
        again.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>")
                .is("<query xmlns='jabber:iq:roster' ver='{any?}'><item jid='${juliet}' subscription='both'/></query>");
        again.asks("<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>")
                .is("<blocklist xmlns='urn:xmpp:blocking'><item jid='${tybalt}'/></blocklist>");
    }
}
