package im.stanzabus.server.protocol;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.XmppServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams with somebody logged in.
@ExtendWith(XmppServerExtension.class)
class StreamProtocolTest {

    @Test
    @Spec(doc = "RFC6120", section = "4.4")
    void theEndOfTheStreamIsAnswered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw("</stream:stream>");
        romeo.stream().endsInGoodOrder();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.4")
    void theEndOfTheStreamIsAnsweredBeforeLoginToo(Scene scene) {
        TestStream stream = scene.plain();
        stream.open();
        stream.connection().send("</stream:stream>");
        stream.endsInGoodOrder();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.4")
    void whatWasSentBeforeTheEndIsStillDelivered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(
                "<message to='${juliet/tester}' type='chat' id='1'><body>farewell</body></message></stream:stream>");
        juliet.receives("<message from='${romeo/tester}' type='chat' id='1'><body>farewell</body></message>");
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.6.4")
    void whitespaceKeepsAStreamAlive(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw(" \n\t\r\n ");
        romeo.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<message><body>open</message>",
                "<message to=romeo/>",
                "<message><x:y/></message>",
                "<message a='1' a='2'/>",
                "<message><body>\u0001</body></message>",
                "<message><body>]]></body></message>",
                "<message a='<'/>",
                "</message>",
            })
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.13", "11.2"})
    void whatIsNotWellFormedEndsTheStream(String xml, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw(xml);
        romeo.failsWith("not-well-formed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!-- comment -->",
                "<?instruction?>",
                "<!DOCTYPE a>",
                "<message><!-- comment --></message>",
                "<message><?instruction?></message>",
                "<message><body>&lol;</body></message>"
            })
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.18", "11.1"})
    void someXmlIsForbidden(String xml, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw(xml);
        romeo.failsWith("restricted-xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<pubsub xmlns='jabber:client'/>",
                "<message xmlns='jabber:server'/>",
                "<juliet xmlns='urn:example:play'/>",
            })
    @Spec(doc = "RFC6120", section = "4.9.3.24")
    void onlyKnownElementsAreStanzas(String xml, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw(xml);
        romeo.failsWith("unsupported-stanza-type");
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.1")
    void textIsNoStanza(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sendsRaw("o romeo");
        romeo.failsWith("bad-format");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.9", "8.1.2.1"})
    void nobodySpeaksInAnothersName(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message from='${paris}' to='${juliet/tester}'><body>hi</body></message>");
        romeo.failsWith("invalid-from");
        juliet.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"4.9.3.9", "8.1.2.1"})
    void nobodySpeaksInTheNameOfAnotherResource(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<message from='${romeo/orchard}' to='${host}'/>");
        romeo.failsWith("invalid-from");
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.12")
    void noStanzaPassesBeforeLogin(Scene scene) {
        TestClient juliet = scene.online("juliet");
        TestStream stranger = scene.stranger();
        stranger.connection().send(scene.text("<message to='${juliet/tester}'><body>hi</body></message>"));
        stranger.failsWith("not-authorized");
        juliet.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"5.3.1", "4.9.3.12"})
    void noStanzaPassesBeforeTls(Scene scene) {
        TestStream stranger = scene.plain();
        stranger.open();
        stranger.connection().send("<presence/>");
        stranger.failsWith("not-authorized");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"7.1", "4.9.3.12"})
    void noStanzaPassesBeforeAResourceIsBound(Scene scene) {
        TestClient juliet = scene.online("juliet");
        String romeo = scene.account("romeo");
        TestStream stream = scene.stranger();
        stream.login(romeo.substring(0, romeo.indexOf('@')), im.stanzabus.testkit.TestServer.PASSWORD);
        stream.connection().send(scene.text("<message to='${juliet/tester}'><body>hi</body></message>"));
        stream.failsWith("not-authorized");
        juliet.receivesNothing();
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.1.1")
    void anErrorOfOneStreamIsNoneOfAnother(Scene scene) {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient other = scene.online("romeo/garden");
        other.sendsRaw("<a><b></a>");
        other.failsWith("not-well-formed");
        romeo.receives("<presence from='${romeo/garden}' type='unavailable'>{*}</presence>");
        romeo.receivesNothing();
    }
}
