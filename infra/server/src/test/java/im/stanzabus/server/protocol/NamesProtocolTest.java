package im.stanzabus.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Member;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every name that a process serves is told to all others when it comes, and looked for one by one when the
/// process dies: a name for each session would stop a cluster for minutes. So there are a handful for each
/// service, and one for each event loop that has connections or accounts.
@ExtendWith(XmppServerExtension.class)
class NamesProtocolTest {
    private static final int ACCOUNTS = 15;
    private static final int MOST_FOR_A_SERVICE = 4;

    @Test
    void aProcessServesTheSameFewNamesHoweverManyAreConnected(Scene scene, EmbeddedServer server) {
        Member before = self(server);
        assertThat(before.services()).hasSizeGreaterThanOrEqualTo(6);
        List<String> forLoops = before.names().stream()
                .filter(name -> name.matches("(c2s|sm|end\\.sm)\\.\\d+"))
                .toList();
        assertThat(forLoops).hasSizeGreaterThanOrEqualTo(3);
        assertThat(before.names())
                .hasSizeLessThanOrEqualTo(
                        forLoops.size() + MOST_FOR_A_SERVICE * before.services().size());

        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            for (String resource : List.of("orchard", "balcony")) {
                TestClient client = scene.online("user" + i + "/" + resource);
                client.enableStreamManagement("resume='true'");
                client.asks("<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
                client.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
                clients.add(client);
            }
        }
        clients.getFirst().drops();
        scene.settle();
        assertThat(names(self(server))).isEqualTo(names(before));
        clients.getFirst().resumes();
        assertThat(names(self(server))).isEqualTo(names(before));
    }

    private static Set<String> names(Member member) {
        return new TreeSet<>(member.names());
    }

    private static Member self(EmbeddedServer server) {
        List<Member> members =
                server.running().context().bus().membership().view().members();
        assertThat(members).hasSize(1);
        return members.getFirst();
    }
}
