package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody can tell whether an account exists by asking it something.
@ExtendWith(XmppServerExtension.class)
class PrivacyProtocolTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='q'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
                "<iq type='get' id='q'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
                "<iq type='get' id='q'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>",
                "<iq type='get' id='q'><query xmlns='jabber:iq:last'/></iq>",
                "<iq type='get' id='q'><query xmlns='jabber:iq:version'/></iq>",
                "<iq type='get' id='q'><time xmlns='urn:xmpp:time'/></iq>",
                "<iq type='get' id='q'><vCard xmlns='vcard-temp'/></iq>",
                "<iq type='set' id='q'><vCard xmlns='vcard-temp'><FN>x</FN></vCard></iq>",
                "<iq type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='get' id='q'><query xmlns='jabber:iq:roster'/></iq>",
                "<iq type='set' id='q'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>",
                "<iq type='get' id='q'><query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query></iq>",
                "<iq type='get' id='q'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
                "<iq type='set' id='q'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
                "<iq type='get' id='q'><query xmlns='jabber:iq:register'/></iq>",
                "<iq type='get' id='q'><query xmlns='urn:example:unknown'/></iq>",
                "<iq type='get' id='q'/>",
            })
    @Spec(doc = "RFC6120", section = "13.11")
    @Spec(doc = "RFC6121", section = "8.5.1")
    @Spec(doc = "XEP-0030", section = "8")
    void aStrangersAccountAnswersLikeNone(String iq, Scene scene) {
        scene.account("juliet");
        scene.online("paris");
        TestClient tybalt = scene.online("tybalt");
        String none = answer(tybalt, iq, scene.jid("nobody"));
        assertThat(answer(tybalt, iq, scene.jid("juliet"))).isEqualTo(none);
        assertThat(answer(tybalt, iq, scene.jid("paris"))).isEqualTo(none);
        String noResource = answer(tybalt, iq, scene.jid("nobody") + "/x");
        assertThat(answer(tybalt, iq, scene.jid("juliet") + "/x")).isEqualTo(noResource);
        assertThat(answer(tybalt, iq, scene.jid("paris") + "/x")).isEqualTo(noResource);
    }

    private static String answer(TestClient client, String iq, String to) {
        client.sends(iq.replaceFirst("<iq", "<iq to='" + to + "'"));
        Xml answer = client.nextStanza("an answer");
        assertThat(answer.attribute("from")).isEqualTo(to);
        assertThat(answer.attribute("type")).isEqualTo("error");
        return answer.toString().replace(to, "JID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "unavailable"})
    @Spec(
            doc = "RFC6121",
            section = {"4.3.2", "8.5.1"})
    void presenceDoesNotTellEither(String type, Scene scene) {
        scene.account("juliet");
        scene.online("paris");
        TestClient tybalt = scene.online("tybalt");
        for (String to : new String[] {"${juliet}", "${paris}", "${nobody}"}) {
            tybalt.sends("<presence type='" + type + "' to='" + to + "'/>");
        }
        tybalt.receivesNothing();
    }
}
