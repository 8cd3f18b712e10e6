package im.stanzabus.testkit.peer;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.Xml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/// Romeo goes on talking while Juliet's server is killed and started again. Of each message it is
/// known what must become of it:
///
/// - sent while all is well: heard;
/// - sent while her server is frozen, which it does not survive: heard after it came back, or
///   Romeo is told, if the servers acknowledge what they receive (XEP-0198). Otherwise his server
///   cannot know: it has given the bytes away;
/// - sent while her server is gone, or later: heard or Romeo is told. Without acknowledgements a
///   message may be on its way into the closed connection while his server learns of that, which
///   it has when the first message comes back.
///
/// No message is ever heard twice.
final class RestartStory {
    private static final int SOME = 10;
    private static final Duration RETURN = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Couple couple;
    private final PeerServer peer;
    private final TestClient romeo;
    private final List<String> heard = new ArrayList<>();
    private int spoken;

    RestartStory(Couple couple, PeerServer peer) {
        this.couple = couple;
        this.peer = peer;
        romeo = couple.romeo();
    }

    void withAcknowledgements() {
        List<String> all = new ArrayList<>(heardBefore());
        peer.freeze();
        all.addAll(talk());
        peer.kill();
        all.addAll(talk());
        all.addAll(returns());
        assertThat(heard).doesNotHaveDuplicates();
        List<String> told = told(all);
        assertThat(told).doesNotHaveDuplicates();
        List<String> outcomes = new ArrayList<>(heard);
        outcomes.addAll(told);
        assertThat(outcomes).as("heard or told, and not both").containsExactlyInAnyOrderElementsOf(all);
    }

    void withoutAcknowledgements() {
        heardBefore();
        peer.kill();
        awaitFirstError();
        List<String> after = new ArrayList<>(talk());
        after.addAll(returns());
        assertThat(heard).doesNotHaveDuplicates();
        told(after);
    }

    /// Romeo talks until something comes back.
    private void awaitFirstError() {
        Awaitility.await().atMost(RETURN).pollInSameThread().untilAsserted(() -> {
            talk();
            romeo.awaits("<message type='error' id='{any}' from='{any}'>{*}</message>", SOON);
        });
    }

    private List<String> heardBefore() {
        List<String> before = talk();
        for (String id : before) {
            heard.add(Couple.hears(couple.juliet(), romeo, id).attribute("id"));
        }
        return before;
    }

    /// Romeo says something more, and his server has it.
    private List<String> talk() {
        List<String> ids =
                IntStream.range(0, SOME).mapToObj(i -> "say-" + (spoken + i)).toList();
        spoken += SOME;
        ids.forEach(id -> Couple.send(romeo, couple.juliet(), id));
        romeo.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        return ids;
    }

    /// The peer comes back, and Juliet with it; both hear each other again.
    private List<String> returns() {
        peer.restart();
        TestClient juliet = couple.julietReturns();
        List<String> meanwhile = talk();
        Awaitility.await()
                .atMost(RETURN)
                .pollInterval(AGAIN)
                .pollInSameThread()
                .until(() -> couple.asks(romeo, peer.host(), "<ping xmlns='urn:xmpp:ping'/>")
                        .attribute("type")
                        .equals("result"));
        List<String> all = new ArrayList<>(meanwhile);
        all.addAll(talk());
        Couple.send(romeo, juliet, "end");
        for (String id = nextMessage(juliet); !id.equals("end"); id = nextMessage(juliet)) {
            heard.add(id);
        }
        return all;
    }

    private static String nextMessage(TestClient client) {
        Xml stanza = client.nextStanza("a message");
        while (!stanza.name().equals("message")) {
            stanza = client.nextStanza("a message");
        }
        return stanza.attribute("id");
    }

    /// Those of some messages whose sender was told that they did not arrive: all that were not
    /// heard, or the test fails; and whatever else he was told meanwhile.
    private List<String> told(List<String> ids) {
        List<String> told = new ArrayList<>();
        for (String id : ids) {
            if (!heard.contains(id)) {
                romeo.awaits("<message type='error' id='" + id + "' from='{any}'>{*}</message>", Couple.LONG);
                told.add(id);
            }
        }
        Couple.send(romeo, romeo, "end");
        Xml stanza = romeo.nextStanza("the end");
        while (!stanza.attribute("id").equals("end") || stanza.attribute("type").equals("error")) {
            if (ids.contains(stanza.attribute("id"))) {
                told.add(stanza.attribute("id"));
            }
            stanza = romeo.nextStanza("the end");
        }
        return told;
    }
}
