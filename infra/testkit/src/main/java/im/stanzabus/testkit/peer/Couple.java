package im.stanzabus.testkit.peer;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.Xml;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Romeo at one server and Juliet at another, both online. Everything between them may take as
/// long as two servers need to find and trust each other. To be used by one thread.
public final class Couple implements AutoCloseable {
    /// How long something may take that goes over a link which may not be there yet.
    public static final Duration LONG = Duration.ofSeconds(30);

    private final Scene scene;
    private final String away;
    private final AtomicInteger requests = new AtomicInteger();
    private final TestClient romeo;
    private TestClient juliet;

    /// @param home Romeo's server
    /// @param away Juliet's
    public Couple(TestServer home, TestServer away) {
        this.away = away.host();
        scene = Scene.across(home, away);
        romeo = arrives("romeo");
        juliet = arrives("juliet@" + this.away);
    }

    /// The scene; `${romeo/here}` is Romeo, and names with Juliet's domain are at her server.
    public Scene scene() {
        return scene;
    }

    public TestClient romeo() {
        return romeo;
    }

    public TestClient juliet() {
        return juliet;
    }

    /// A new client with the resource `here`, online.
    public TestClient arrives(String name) {
        TestClient client = scene.connected(name + "/here");
        client.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        client.sends("<presence/>");
        client.awaits("<presence id='{any?}' from='" + client.jid() + "'>{*}</presence>");
        return client;
    }

    /// Juliet, who has lost her connection, with a new client.
    public TestClient julietReturns() {
        juliet = arrives("juliet@" + away);
        return juliet;
    }

    /// One says something and the other hears it.
    public void says(TestClient from, TestClient to, String id) {
        send(from, to, id);
        hears(to, from, id);
    }

    /// One says something; the id is also what is said.
    public static void send(TestClient from, TestClient to, String id) {
        from.sends("<message type='chat' id='" + id + "' to='" + to.jid() + "'><body>" + id + "</body></message>");
    }

    /// One hears what the other has said.
    public static Xml hears(TestClient to, TestClient from, String id) {
        return to.awaits(
                "<message type='chat' id='" + id + "' from='" + from.jid() + "'><body>" + id + "</body>{*}</message>",
                LONG);
    }

    /// One says something, and is told that it did not arrive.
    ///
    /// @param to a bare or full JID
    /// @return the condition of the error
    public String isTurnedAway(TestClient from, String to) {
        String id = "m" + requests.incrementAndGet();
        from.sends("<message type='chat' id='" + id + "' to='" + to + "'><body>Hello?</body></message>");
        return condition(from.awaits("<message type='error' id='" + id + "' from='" + to + "'>{*}</message>", LONG));
    }

    /// The condition of a stanza error (RFC 6120 section 8.3.3).
    public static String condition(Xml stanza) {
        return stanza.child("error").children().stream()
                .filter(child -> child.namespace().equals("urn:ietf:params:xml:ns:xmpp-stanzas")
                        && !child.name().equals("text"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition in " + stanza))
                .name();
    }

    /// Asks somebody far away.
    ///
    /// @param content of the request
    /// @return the answer, which may be an error
    public Xml asks(TestClient from, String to, String content) {
        String id = "q" + requests.incrementAndGet();
        from.sends("<iq type='get' id='" + id + "' to='" + to + "'>" + content + "</iq>");
        return from.awaits("<iq type='{any}' id='" + id + "' from='" + to + "'>{*}</iq>", LONG);
    }

    /// One asks for the other's presence, and sees it (RFC 6121 section 3.1).
    public void sees(TestClient watcher, TestClient watched) {
        watcher.sends("<presence type='subscribe' to='" + watched.bareJid() + "'/>");
        watched.awaits("<presence type='subscribe' id='{any?}' from='" + watcher.bareJid() + "'>{*}</presence>", LONG);
        watched.sends("<presence type='subscribed' to='" + watcher.bareJid() + "'/>");
        watcher.awaits("<presence type='subscribed' id='{any?}' from='" + watched.bareJid() + "'>{*}</presence>", LONG);
        watcher.awaits("<presence id='{any?}' from='" + watched.jid() + "'>{*}</presence>", LONG);
    }

    /// Goes into a room (XEP-0045 section 7.2).
    public static void enters(TestClient client, String room, String nick) {
        client.sends("<presence to='" + room + "/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        client.awaits("<presence id='{any?}' from='" + room + "/" + nick + "'>{*}</presence>", LONG);
    }

    @Override
    public void close() {
        scene.close();
    }
}
