package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stream.tls.AnyCertificate;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.XmppServerExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.chat2.ChatManager;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.roster.RosterEntry;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.blocking.BlockingCommandManager;
import org.jivesoftware.smackx.carbons.CarbonManager;
import org.jivesoftware.smackx.delay.packet.DelayInformation;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;

/// Somebody else's client: Smack, as applications use it.
@ExtendWith(XmppServerExtension.class)
class SmackProtocolTest {
    private static final long PATIENCE_SECONDS = 10;

    private final List<Client> clients = new ArrayList<>();
    private TestServer server;
    private Scene scene;

    /// A connection and all the stanzas that came over it.
    private static final class Client {
        private final AbstractXMPPConnection connection;
        private final BlockingQueue<Stanza> stanzas = new LinkedBlockingQueue<>();

        Client(AbstractXMPPConnection connection) {
            this.connection = connection;
            StanzaListener listener = stanzas::add;
            connection.addStanzaListener(
                    listener,
                    stanza -> StanzaTypeFilter.MESSAGE.accept(stanza) || StanzaTypeFilter.PRESENCE.accept(stanza));
        }

        EntityBareJid jid() {
            return connection.getUser().asEntityBareJid();
        }

        Roster roster() {
            return Roster.getInstanceFor(connection);
        }

        <T extends Stanza> T awaits(Class<T> type, Predicate<T> wanted) throws InterruptedException {
            while (true) {
                Stanza stanza = stanzas.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(stanza).as("a " + type.getSimpleName()).isNotNull();
                if (type.isInstance(stanza) && wanted.test(type.cast(stanza))) {
                    return type.cast(stanza);
                }
            }
        }
    }

    @BeforeEach
    void enter(EmbeddedServer running, Scene names) {
        server = running;
        scene = names;
        ReconnectionManager.setEnabledPerDefault(false);
    }

    @AfterEach
    void leave() {
        clients.forEach(client -> client.connection.disconnect());
    }

    @Test
    @Spec(
            doc = "RFC6121",
            section = {"3.1.2", "3.1.5", "2.3.1", "4.2.2", "4.4.2"})
    void twoPeopleBecomeFriends() throws Exception {
        Client romeo = login("romeo", "orchard");
        Client juliet = login("juliet", "balcony");
        for (Client client : clients) {
            client.roster().setSubscriptionMode(Roster.SubscriptionMode.accept_all);
        }
        befriend(romeo, juliet, "Juliet");
        befriend(juliet, romeo, "Romeo");
        RosterEntry entry = romeo.roster().getEntry(juliet.jid());
        assertThat(entry.getName()).isEqualTo("Juliet");
        assertThat(entry.canSeeHisPresence()).isTrue();
        Presence away = romeo.connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .setMode(Presence.Mode.away)
                .setStatus("in Mantua")
                .build();
        romeo.connection.sendStanza(away);
        Presence seen = juliet.awaits(
                Presence.class,
                presence -> presence.getFrom().equals(romeo.connection.getUser())
                        && presence.getMode() == Presence.Mode.away);
        assertThat(seen.getStatus()).isEqualTo("in Mantua");
        romeo.connection.disconnect();
        juliet.awaits(
                Presence.class,
                presence -> presence.getType() == Presence.Type.unavailable
                        && presence.getFrom().asBareJid().equals(entryJid("romeo")));
    }

    private static void befriend(Client watcher, Client watched, String name) throws Exception {
        watcher.roster().createItemAndRequestSubscription(watched.jid(), name, null);
        watcher.awaits(
                Presence.class,
                presence -> presence.isAvailable() && presence.getFrom().equals(watched.connection.getUser()));
    }

    private BareJid entryJid(String name) {
        return JidCreate.bareFromOrThrowUnchecked(scene.jid(name));
    }

    @Test
    @Spec(doc = "RFC6121", section = "8.5.2.1.1")
    @Spec(
            doc = "XEP-0280",
            section = {"7", "8"})
    void peopleChatOnSeveralClients() throws Exception {
        Client romeo = login("romeo", "orchard");
        Client phone = login("romeo", "phone");
        Client juliet = login("juliet", "balcony");
        CarbonManager carbons = CarbonManager.getInstanceFor(phone.connection);
        assertThat(carbons.isSupportedByServer()).isTrue();
        carbons.enableCarbons();
        BlockingQueue<String> copies = new LinkedBlockingQueue<>();
        carbons.addCarbonCopyReceivedListener(
                (direction, copy, wrapping) -> copies.add(direction + ": " + copy.getBody()));
        ChatManager.getInstanceFor(romeo.connection).chatWith(juliet.jid()).send("It is the east");
        Message message = juliet.awaits(Message.class, received -> received.getBody() != null);
        assertThat(message.getBody()).isEqualTo("It is the east");
        assertThat(copies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("sent: It is the east");
        Message answer = juliet.connection
                .getStanzaFactory()
                .buildMessageStanza()
                .ofType(Message.Type.chat)
                .to(romeo.connection.getUser())
                .setBody("Ay me!")
                .build();
        juliet.connection.sendStanza(answer);
        assertThat(romeo.awaits(Message.class, received -> received.getBody() != null)
                        .getBody())
                .isEqualTo("Ay me!");
        assertThat(copies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("received: Ay me!");
    }

    @Test
    @Spec(doc = "XEP-0160", section = "2")
    @Spec(doc = "XEP-0203", section = "2")
    void messagesWait() throws Exception {
        scene.account("juliet");
        Client romeo = login("romeo", "orchard");
        ChatManager chats = ChatManager.getInstanceFor(romeo.connection);
        for (int i = 0; i < 3; i++) {
            chats.chatWith(entryJid("juliet").asEntityBareJidIfPossible()).send("line " + i);
        }
        assertThat(PingManager.getInstanceFor(romeo.connection).pingMyServer()).isTrue();
        Client juliet = login("juliet", "balcony");
        for (int i = 0; i < 3; i++) {
            Message message = juliet.awaits(Message.class, received -> received.getBody() != null);
            assertThat(message.getBody()).isEqualTo("line " + i);
            assertThat(DelayInformation.from(message)).isNotNull();
        }
    }

    @Test
    @Spec(
            doc = "XEP-0191",
            section = {"3.2", "3.3", "3.4"})
    void peopleBlockEachOther() throws Exception {
        Client romeo = login("romeo", "orchard");
        Client juliet = login("juliet", "balcony");
        BlockingCommandManager blocking = BlockingCommandManager.getInstanceFor(juliet.connection);
        assertThat(blocking.isSupportedByServer()).isTrue();
        blocking.blockContacts(List.of(romeo.jid()));
        assertThat(blocking.getBlockList()).containsExactly(romeo.jid());
        ChatManager.getInstanceFor(romeo.connection).chatWith(juliet.jid()).send("Hello?");
        Message error = romeo.awaits(Message.class, received -> received.getType() == Message.Type.error);
        assertThat(error.getFrom().asBareJid().toString())
                .isEqualTo(juliet.jid().toString());
        blocking.unblockContacts(List.of(romeo.jid()));
        ChatManager.getInstanceFor(romeo.connection).chatWith(juliet.jid()).send("Hello again");
        assertThat(juliet.awaits(Message.class, received -> received.getBody() != null)
                        .getBody())
                .isEqualTo("Hello again");
    }

    @Test
    @Spec(doc = "XEP-0030", section = "3.1")
    void theServerIsUnderstood() throws Exception {
        Client romeo = login("romeo", "orchard");
        ServiceDiscoveryManager disco = ServiceDiscoveryManager.getInstanceFor(romeo.connection);
        assertThat(disco.serverSupportsFeature("urn:xmpp:ping")).isTrue();
        assertThat(romeo.connection.isSecureConnection()).isTrue();
    }

    private Client login(String name, String resource)
            throws IOException, SmackException, XMPPException, InterruptedException {
        scene.account(name);
        XMPPTCPConnectionConfiguration configuration = XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(JidCreate.domainBareFrom(server.host()))
                .setHostAddress(server.address().getAddress())
                .setPort(server.address().getPort())
                .setUsernameAndPassword(scene.user(name), TestServer.PASSWORD)
                .setResource(resource)
                .setSecurityMode(SecurityMode.required)
                .setCustomX509TrustManager(new AnyCertificate()) // what it says is for other tests
                .setHostnameVerifier((host, session) -> true)
                .build();
        Client client = new Client(new XMPPTCPConnection(configuration));
        clients.add(client);
        client.connection.connect().login();
        return client;
    }
}
