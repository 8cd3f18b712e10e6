package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6120 section 8.2.3 and the rows of RFC 6121 section 8.5 for IQs.
@ExtendWith(XmppServerExtension.class)
class IqDeliveryProtocolTest {

    @ParameterizedTest
    @CsvSource({"get,result", "set,result", "get,error"})
    @Spec(doc = "RFC6121", section = "8.5.3.1")
    @Spec(doc = "RFC6120", section = "8.2.3")
    void aRequestToAResourceIsAnsweredByItsClient(String request, String answer, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet/balcony");
        TestClient quiet = scene.connected("juliet/quiet");
        for (TestClient asked : new TestClient[] {juliet, quiet}) {
            String to = asked.jid();
            romeo.sends("<iq type='" + request + "' id='q' to='" + to + "'><query xmlns='urn:example:q'/></iq>");
            asked.receives("<iq type='" + request + "' id='q' from='${romeo/tester}' to='" + to
                    + "'><query xmlns='urn:example:q'/></iq>");
            String error = answer.equals("error")
                    ? "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                    : "<query xmlns='urn:example:q'><a/></query>";
            asked.sends("<iq type='" + answer + "' id='q' to='${romeo/tester}'>" + error + "</iq>");
            romeo.receives("<iq type='" + answer + "' id='q' from='" + to + "'>" + error + "</iq>");
        }
        romeo.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "set"})
    @Spec(
            doc = "RFC6121",
            section = {"8.5.2.1.3", "8.5.2.2.3", "8.5.3.2.3", "8.5.1"})
    @Spec(doc = "RFC6120", section = "8.2.3")
    void aRequestThatNobodyUnderstandsIsAnsweredAllTheSame(String type, Scene scene) {
        scene.account("tybalt");
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        for (String to : new String[] {
            "${juliet}",
            "${juliet/gone}",
            "${tybalt}",
            "${tybalt/gone}",
            "${nobody}",
            "${nobody/gone}",
            "${host}",
            "${host}/resource",
            "${romeo}",
            "${romeo/gone}"
        }) {
            romeo.asks("<iq type='" + type + "' to='" + to + "'><query xmlns='urn:example:q'/></iq>")
                    .isError("cancel", "service-unavailable");
        }
        romeo.asks("<iq type='" + type + "'><query xmlns='urn:example:q'/></iq>")
                .isError("cancel", "service-unavailable");
        juliet.receivesNothing();
        romeo.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "error"})
    @Spec(
            doc = "RFC6121",
            section = {"8.5.1", "8.5.3.2.3"})
    @Spec(
            doc = "RFC6120",
            section = {"8.2.3", "8.3.1"})
    void anAnswerIsNotAnswered(String type, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        for (String to : new String[] {"${juliet}", "${juliet/gone}", "${nobody}", "${nobody/gone}", "${host}"}) {
            romeo.sends("<iq type='" + type + "' id='a' to='" + to + "'/>");
        }
        romeo.sends("<iq type='" + type + "' id='a'/>");
        romeo.receivesNothing();
        juliet.receivesNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='get' id='x'/>",
                "<iq type='set' id='x'/>",
                "<iq type='get' id='x'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>",
                "<iq type='ask' id='x'><a xmlns='urn:a'/></iq>",
                "<iq id='x'><a xmlns='urn:a'/></iq>",
                "<iq type='get' id='x' to='${juliet/tester}'/>",
                "<iq type='get' id='x' to='${host}'/>",
            })
    @Spec(
            doc = "RFC6120",
            section = {"8.2.3", "8.3.3.1"})
    void aRequestMustBeOne(String iq, Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends(iq);
        romeo.receivesError("<iq type='error' id='x' from='{any?}'/>", "modify", "bad-request");
        juliet.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"8.1.3", "8.2.3"})
    void aRequestMustHaveAnId(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
        romeo.receivesError("<iq type='error' from='{any?}'/>", "modify", "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b@c/@", "@", "/x", "a b@localhost", "juliet@", "${juliet}/", "a&lt;@localhost"})
    @Spec(doc = "RFC6120", section = "8.3.3.8")
    @Spec(
            doc = "RFC7622",
            section = {"3.1", "3.3"})
    void anAddressMustBeOne(String to, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.sends("<iq type='get' id='x' to='" + to + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        romeo.receivesError("<iq type='error' id='x' from='{any?}'/>", "modify", "jid-malformed");
        romeo.sends("<message id='y' to='" + to + "'><body>hi</body></message>");
        romeo.receivesError("<message type='error' id='y' from='{any?}'/>", "modify", "jid-malformed");
    }

    @Test
    @Spec(
            doc = "RFC7622",
            section = {"3.2", "3.3"})
    void addressesAreComparedAsTheyArePrepared(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet/Balcony");
        romeo.sends("<message type='chat' id='m' to='" + juliet.bareJid().toUpperCase(java.util.Locale.ROOT)
                + "/Balcony'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/tester}' type='chat' id='m'><body>hi</body></message>");
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"8.1.2.1", "8.1.1"})
    void theSenderIsAlwaysNamed(Scene scene) {
        TestClient romeo = scene.online("romeo/orchard");
        TestClient juliet = scene.online("juliet");
        for (String from : new String[] {"", " from='${romeo}'", " from='${romeo/orchard}'"}) {
            romeo.sends("<message to='${juliet/tester}' id='m'" + from + "><body>hi</body></message>");
            juliet.receives("<message from='${romeo/orchard}' id='m'><body>hi</body></message>");
            romeo.sends("<iq type='get' to='${juliet/tester}' id='i'" + from + "><q xmlns='urn:q'/></iq>");
            juliet.receives("<iq type='get' from='${romeo/orchard}' id='i'><q xmlns='urn:q'/></iq>");
        }
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"8.1.5", "4.7.4"})
    void theLanguageOfTheStreamIsTheStanzas(Scene scene) {
        TestClient romeo = scene.online("romeo");
        TestClient juliet = scene.online("juliet");
        romeo.sends("<message to='${juliet/tester}' id='m' xml:lang='it'><body>ciao</body></message>");
        juliet.receives("<message from='${romeo/tester}' id='m' xml:lang='it'><body>ciao</body></message>");
        romeo.sends("<message to='${juliet/tester}' id='m'><body>hi</body></message>");
        juliet.receives("<message from='${romeo/tester}' id='m' xml:lang='en'><body>hi</body></message>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"montague.invalid", "juliet@montague.invalid/x", "rooms.localhost", "nobody@rooms.localhost"})
    @Spec(
            doc = "RFC6120",
            section = {"10.4", "8.3.3.16"})
    void otherDomainsAreNotReached(String to, Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='get' to='" + to + "'><ping xmlns='urn:xmpp:ping'/></iq>")
                .isError("cancel", "remote-server-not-found");
        romeo.receivesNothing();
    }

    @Test
    @Spec(
            doc = "RFC6120",
            section = {"8.2.3", "10.1"})
    void everyRequestIsAnsweredOnce(Scene scene) {
        scene.friends("romeo", "juliet");
        TestClient romeo = scene.connected("romeo");
        StringBuilder requests = new StringBuilder();
        String[] queries = {
            "<query xmlns='jabber:iq:roster'/>",
            "<query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query>",
            "<vCard xmlns='vcard-temp'/>",
            "<ping xmlns='urn:xmpp:ping'/>",
            "<query xmlns='urn:unknown'/>",
            "<blocklist xmlns='urn:xmpp:blocking'/>",
        };
        for (int i = 0; i < 60; i++) {
            String to = i % 3 == 0 ? "" : i % 3 == 1 ? " to='${juliet}'" : " to='${host}'";
            requests.append("<iq type='get' id='q" + i + "'" + to + ">" + queries[i % queries.length] + "</iq>");
        }
        romeo.sends(requests.toString());
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answered.add(romeo.nextStanza("an answer").attribute("id"));
        }
        assertThat(answered).doesNotHaveDuplicates().allMatch(id -> id.startsWith("q"));
        romeo.receivesNothing();
    }
}
