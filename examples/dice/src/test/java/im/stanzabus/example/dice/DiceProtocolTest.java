package im.stanzabus.example.dice;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A server in one process with the service in it.
@ExtendWith(XmppServerExtension.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DiceProtocolTest {
    private static final String ROLL = "<iq type='get'%s><roll xmlns='urn:example:dice'>%s</roll></iq>";

    private static String chat(String to, String body) {
        return "<message to='" + to + "' type='chat' id='m'>" + body + "</message>";
    }

    private static String says(String from, String body) {
        return "<message from='" + from + "' type='chat'><body>" + body + "</body></message>";
    }

    @Test
    void whoWritesToItGetsARoll(Scene scene) {
        TestClient romeo = scene.online("romeo").enableStreamManagement();

        romeo.sends(chat("dice.localhost", "<body>roll 2d6</body>"));
        Xml answer = romeo.receivesOne(says("dice.localhost", "{rolled}"));
        assertThat(answer.child("body").text()).matches("2d6: ([2-9]|1[0-2])");

        romeo.sends(chat("cup@dice.localhost/left", "<body> 99d1\n</body>"));
        romeo.receives(says("cup@dice.localhost/left", "99d1: 99"));
        romeo.awaitsAck(2);
    }

    @Test
    void whatIsNoDiceComesBack(Scene scene) {
        TestClient romeo = scene.online("romeo");
        for (String text : List.of("Hello", "roll 0d6", "roll 2d0", "roll 100d6", "roll 2d1000", "roll 2d6 now")) {
            romeo.sends(chat("dice.localhost", "<body>" + text + "</body>"));
            romeo.receivesError("<message type='error' id='m' from='dice.localhost'/>", "modify", "bad-request");
        }
    }

    /// Otherwise two programs could answer each other for ever. Nothing overtakes what was sent
    /// before it, so an answer would come first.
    @Test
    void whatAsksForNothingHasNoAnswer(Scene scene) {
        TestClient romeo = scene.online("romeo");

        romeo.sends("<message to='dice.localhost' type='error' id='m'><body>roll 2d6</body></message>");
        romeo.sends(chat("dice.localhost", "<composing xmlns='http://jabber.org/protocol/chatstates'/>"));
        romeo.sends("<presence to='dice.localhost'><status>roll 2d6</status></presence>");
        romeo.sends(chat("dice.localhost", "<body>1d1</body>"));

        romeo.receives(says("dice.localhost", "1d1: 1"));
        romeo.receivesNothing();
    }

    @Test
    void itIsFound(Scene scene) {
        TestClient romeo = scene.online("romeo");
        String items = "<iq type='get' to='%s'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>";

        romeo.asks(items.formatted("localhost")).is("""
                <query xmlns='http://jabber.org/protocol/disco#items'><item jid='dice.localhost' name='Dice'/></query>""");
        romeo.asks(items.formatted("capulet.example")).is("<query xmlns='http://jabber.org/protocol/disco#items'/>");
        romeo.asks("<iq type='get' to='dice.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                .is("""
                        <query xmlns='http://jabber.org/protocol/disco#info'>
                          <identity category='component' type='generic' name='Dice'/>
                          <feature var='http://jabber.org/protocol/disco#info'/>
                          <feature var='urn:xmpp:ping'/>
                        </query>""");
        assertThat(romeo.asks("<iq type='get'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
                        .payload()
                        .children())
                .anyMatch(child -> child.attribute("var").equals("urn:example:dice"));
    }

    @Test
    void accountsRollForThemselves(Scene scene) {
        TestClient romeo = scene.online("romeo");
        scene.account("juliet");
        String rolled = "<rolled xmlns='urn:example:dice'>3d1: 3</rolled>";

        romeo.asks(ROLL.formatted("", "3d1")).is(rolled);
        romeo.asks(ROLL.formatted(" to='${romeo}'", "3d1")).is(rolled);
        romeo.asks(ROLL.formatted("", "many")).isError("modify", "bad-request");
        romeo.asks(ROLL.formatted(" to='${juliet}'", "3d1")).isError("cancel", "service-unavailable");
        romeo.asks(ROLL.formatted(" to='dice.localhost'", "3d1")).isError("cancel", "service-unavailable");
    }
}
