package im.stanzabus.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.ServerSettings;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.XmppServerExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Clients that we have not written lose their connection, resume their stream by themselves, and read the
/// archive. slixmpp 1.8 cannot log in where mechanisms with channel binding are offered.
@ExtendWith(XmppServerExtension.class)
@ServerSettings("auth-service: {mechanisms: [SCRAM-SHA-256, SCRAM-SHA-1, PLAIN]}")
@Timeout(60)
class ForeignClientsTest {
    @TempDir
    Path folder;

    private Scene scene;
    private Line line;
    private Path certificate;
    private TestClient juliet;

    @BeforeEach
    void enter(EmbeddedServer server, Scene names) throws Exception {
        scene = names;
        line = new Line(server.address());
        certificate = server.folder().resolve("data/certificates/localhost.crt");
        scene.account("romeo");
        juliet = scene.online("juliet/balcony");
    }

    @AfterEach
    void leave() throws Exception {
        line.close();
    }

    private void julietSays(String body) {
        juliet.sends("<message to='${romeo}' type='chat'><body>" + body + "</body></message>");
    }

    private void julietHears(String body) {
        juliet.awaits("<message from='${romeo/orchard}' to='${juliet}' type='chat' id='{any?}'><body>" + body
                + "</body>{*}</message>");
    }

    private static List<String> bodies(List<String> messages) {
        return messages.stream()
                .map(message -> message.substring(message.indexOf(' ') + 1))
                .toList();
    }

    private static List<String> lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i).toList();
    }

    /// Messages before, while and after the connection is lost arrive once and in order.
    private List<String> resumes(ForeignClient romeo) throws Exception {
        romeo.awaits("online");
        lines(1, 2).forEach(this::julietSays);
        List<String> messages = new ArrayList<>(romeo.messages(2));
        line.swallowWhatTheServerSends();
        lines(3, 4).forEach(this::julietSays);
        juliet.asks("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
        line.cut();
        romeo.awaits("lost");
        lines(5, 6).forEach(this::julietSays);
        juliet.asks("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
        line.mend();
        romeo.awaits("resumed");
        lines(7, 8).forEach(this::julietSays);
        messages.addAll(romeo.messages(6));
        assertThat(bodies(messages))
                .as("bodies of %s, after %s", messages, romeo.passedOver())
                .isEqualTo(lines(1, 8));
        assertThat(messages).doesNotHaveDuplicates();
        return messages;
    }

    @Test
    @Spec(doc = "XEP-0198", section = "5")
    @Spec(
            doc = "XEP-0313",
            section = {"4.1.1", "4.3.2"})
    @Spec(doc = "XEP-0059", section = "2.2")
    void slixmppResumesAndReadsTheArchive() throws Exception {
        try (ForeignClient romeo = ForeignClient.slixmpp(scene.jid("romeo/orchard"), line, certificate, folder)) {
            List<String> messages = resumes(romeo);
            romeo.sends(scene.jid("juliet"), "good night");
            julietHears("good night");

            List<String> archive = romeo.archive(scene.jid("juliet"), 3);

            assertThat(archive.subList(0, 8)).as("stanza-ids and bodies").isEqualTo(messages);
            assertThat(archive.get(8)).endsWith(" good night");
            assertThat(archive.subList(9, archive.size())).containsExactly("3 pages");
        }
    }

    @Test
    @Spec(
            doc = "XEP-0198",
            section = {"4", "5"})
    void xmppJsResumesAndSendsAgainWhatWasNotAcknowledged() throws Exception {
        try (ForeignClient romeo = ForeignClient.xmppJs(scene.jid("romeo/orchard"), line, certificate, folder)) {
            resumes(romeo);
            romeo.sends(scene.jid("juliet"), "acknowledged");
            julietHears("acknowledged");
            assertThat(romeo.awaits("acked").getString("body")).isEqualTo("acknowledged");

            line.swallowWhatTheServerSends();
            romeo.sends(scene.jid("juliet"), "handled");
            julietHears("handled");
            line.swallowWhatTheClientSends();
            romeo.sends(scene.jid("juliet"), "lost on the way");
            line.awaitSwallowedStanza();
            line.cut();
            romeo.awaits("lost");
            line.mend();

            assertThat(romeo.awaits("acked").getString("body")).isEqualTo("handled");
            assertThat(romeo.awaits("acked").getString("body")).isEqualTo("lost on the way");
            romeo.sends(scene.jid("juliet"), "and no more");
            juliet.receives("<message from='${romeo/orchard}' type='chat'><body>lost on the way</body>{*}</message>");
            juliet.receives("<message from='${romeo/orchard}' type='chat'><body>and no more</body></message>");
        }
    }
}
