package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.XmppServerExtension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(XmppServerExtension.class)
@ServerSettings(value = Settings.CONFIGURED, files = Settings.Files.class)
class DiscoProtocolTest {
    private static final String INFO = "http://jabber.org/protocol/disco#info";
    private static final String ASK = "<iq type='get' to='%s'><query xmlns='" + INFO + "'%s/></iq>";

    @Test
    @Spec(doc = "XEP-0030", section = "3.1")
    void theServerSaysWhatItIs(Scene scene) {
        Xml info = ask(scene.online("romeo"), "${host}", "");
        assertThat(identities(info)).contains("server/im");
        assertThat(features(info))
                .containsExactlyInAnyOrder(
                        INFO,
                        "http://jabber.org/protocol/disco#items",
                        "http://jabber.org/protocol/caps",
                        "jabber:iq:roster",
                        "jabber:iq:version",
                        "urn:xmpp:time",
                        "jabber:iq:last",
                        "urn:xmpp:ping",
                        "urn:xmpp:blocking",
                        "urn:xmpp:carbons:2",
                        "urn:xmpp:sid:0",
                        "jabber:iq:private",
                        "vcard-temp",
                        "jabber:iq:register",
                        "msgoffline");
    }

    @Test
    @Spec(doc = "XEP-0030", section = "3.1")
    void whatIsAnnouncedIsAnswered(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks("<iq type='get' to='${host}'><query xmlns='jabber:iq:version'/></iq>")
                .payload();
        romeo.asks("<iq type='get' to='${host}'><time xmlns='urn:xmpp:time'/></iq>")
                .payload();
        romeo.asks("<iq type='get' to='${host}'><query xmlns='jabber:iq:last'/></iq>")
                .payload();
        romeo.asks("<iq type='get' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>")
                .isEmptyResult();
        romeo.asks("<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>").payload();
        romeo.asks("<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>").isEmptyResult();
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>").payload();
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:private'><x xmlns='urn:x'/></query></iq>")
                .payload();
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:register'/></iq>").payload();
    }

    @Test
    @Spec(
            doc = "XEP-0030",
            section = {"3.1", "8"})
    void anAccountTellsFriendsWhatItIs(Scene scene) {
        scene.friends("romeo", "juliet");
        Xml info = ask(scene.online("romeo"), "${juliet}", "");
        assertThat(identities(info)).containsExactly("account/registered");
        assertThat(features(info)).contains(INFO);
        assertThat(identities(ask(scene.online("juliet"), "${juliet}", ""))).containsExactly("account/registered");
    }

    @Test
    @Spec(doc = "XEP-0030", section = "8")
    void anAccountTellsStrangersNothing(Scene scene) {
        scene.account("juliet");
        TestClient tybalt = scene.online("tybalt");
        for (String kind : new String[] {"info", "items"}) {
            String ask = "<iq type='get' to='%s'><query xmlns='http://jabber.org/protocol/disco#" + kind + "'/></iq>";
            tybalt.asks(ask.formatted("${juliet}")).isError("cancel", "service-unavailable");
            tybalt.asks(ask.formatted("${nobody}")).isError("cancel", "service-unavailable");
        }
    }

    @Test
    @Spec(
            doc = "XEP-0030",
            section = {"4.1", "4.2"})
    void thereAreNoItemsYet(Scene scene) {
        scene.online("romeo")
                .asks("<iq type='get' to='${host}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
                .is("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    }

    @Test
    @Spec(
            doc = "XEP-0030",
            section = {"7", "3.2"})
    void anUnknownNodeIsNotFound(Scene scene) {
        TestClient romeo = scene.online("romeo");
        romeo.asks(ASK.formatted("${host}", " node='no-such-node'")).isError("cancel", "item-not-found");
        romeo.asks(ASK.formatted("${romeo}", " node='no-such-node'")).isError("cancel", "item-not-found");
    }

    @Test
    @Spec(doc = "XEP-0157", section = "7.1")
    @Spec(doc = "XEP-0128", section = "2")
    void theServerSaysWhomToAsk(Scene scene) {
        Xml form = ask(scene.online("romeo"), "${host}", "").child("x");
        assertThat(form.namespace()).isEqualTo("jabber:x:data");
        assertThat(form.attribute("type")).isEqualTo("result");
        assertThat(values(form, "FORM_TYPE")).containsExactly("http://jabber.org/network/serverinfo");
        assertThat(values(form, "abuse-addresses")).containsExactly("mailto:abuse@localhost", "xmpp:abuse@localhost");
        assertThat(values(form, "admin-addresses")).containsExactly("xmpp:admin@localhost");
    }

    @Test
    @Spec(
            doc = "XEP-0115",
            section = {"5.1", "6.2", "6.3"})
    void theFeaturesOfTheStreamHaveTheHashOfTheServer(Scene scene) throws Exception {
        TestClient romeo = scene.online("romeo");
        TestStream stream = scene.stranger();
        Xml caps = stream.login(scene.user("romeo"), TestServer.PASSWORD).child("c");
        assertThat(caps.namespace()).isEqualTo("http://jabber.org/protocol/caps");
        assertThat(caps.attribute("hash")).isEqualTo("sha-1");
        assertThat(caps.attribute("node")).isNotEmpty();
        Xml info = ask(romeo, "${host}", "");
        assertThat(caps.attribute("ver")).isEqualTo(verification(info));
        String node = caps.attribute("node") + "#" + caps.attribute("ver");
        Xml byNode = ask(romeo, "${host}", " node='" + node + "'");
        assertThat(byNode.attribute("node")).isEqualTo(node);
        assertThat(verification(byNode)).isEqualTo(caps.attribute("ver"));
    }

    private static Xml ask(TestClient client, String to, String node) {
        return client.asks(ASK.formatted(to, node)).payload();
    }

    private static List<String> identities(Xml info) {
        return info.children().stream()
                .filter(child -> child.name().equals("identity"))
                .map(identity -> identity.attribute("category") + "/" + identity.attribute("type"))
                .toList();
    }

    private static List<String> features(Xml info) {
        return info.children().stream()
                .filter(child -> child.name().equals("feature"))
                .map(feature -> feature.attribute("var"))
                .toList();
    }

    private static List<String> values(Xml form, String field) {
        return form.children().stream()
                .filter(child -> child.attribute("var").equals(field))
                .flatMap(child -> child.children().stream())
                .map(Xml::text)
                .toList();
    }

    /// XEP-0115 section 5.1, word for word.
    private static String verification(Xml info) throws Exception {
        StringBuilder s = new StringBuilder();
        info.children().stream()
                .filter(child -> child.name().equals("identity"))
                .map(i -> i.attribute("category") + "/" + i.attribute("type") + "/" + i.attribute("xml:lang") + "/"
                        + i.attribute("name") + "<")
                .sorted()
                .forEach(s::append);
        features(info).stream().sorted().forEach(feature -> s.append(feature).append('<'));
        info.children().stream()
                .filter(child -> child.is("x", "jabber:x:data"))
                .map(DiscoProtocolTest::form)
                .sorted()
                .forEach(s::append);
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(s.toString().getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(hash);
    }

    private static String form(Xml form) {
        StringBuilder s = new StringBuilder(values(form, "FORM_TYPE").getFirst()).append('<');
        TreeSet<String> fields = form.children().stream()
                .map(field -> field.attribute("var"))
                .filter(name -> !name.equals("FORM_TYPE"))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String field : fields) {
            s.append(field).append('<');
            values(form, field).stream()
                    .sorted()
                    .forEach(value -> s.append(value).append('<'));
        }
        return s.toString();
    }
}
