package im.stanzabus.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A person with a client: says what it sends and what it receives, in XML with the placeholders of {@link Scene#text}
/// and the wildcards of {@link XmlPattern}. Stanzas are received in order, and none may be left out. To be used by the
/// test's thread.
public final class TestClient implements AutoCloseable {
    private final Scene scene;
    private final String name;
    private final String jid;
    private final TestStream stream;
    private final Deque<Connection.Event> inbox = new ArrayDeque<>();
    private final Set<String> answered = new HashSet<>();
    private boolean available;
    private boolean gone;
    private int requests;

    TestClient(Scene scene, String name, String jid, TestStream stream) {
        this.scene = scene;
        this.name = name;
        this.jid = jid;
        this.stream = stream;
    }

    /// The full JID.
    public String jid() {
        return jid;
    }

    /// The bare JID.
    public String bareJid() {
        return jid.substring(0, jid.indexOf('/'));
    }

    /// The stream below, for what is not a stanza.
    public TestStream stream() {
        return stream;
    }

    boolean isGone() {
        return gone;
    }

    boolean isAvailable() {
        return available && !gone;
    }

    /// Sends stanzas.
    public TestClient sends(String template) {
        return sendsRaw(scene.text(template));
    }

    /// Sends text as it is.
    public TestClient sendsRaw(String text) {
        stream.connection().send(text);
        return this;
    }

    /// Sends initial presence and waits until the server has sent it back (RFC 6121 section 4.2.2), whatever else
    /// comes.
    public TestClient becomesAvailable() {
        sends("<presence/>");
        awaits("<presence from='" + jid + "'>{*}</presence>");
        for (String absent : scene.absentFriends(bareJid())) {
            awaits("<presence type='unavailable' from='" + absent + "'>{*}</presence>");
        }
        available = true;
        return this;
    }

    /// The next stanza must be this one.
    public TestClient receives(String template) {
        receivesOne(template);
        return this;
    }

    /// Like {@link #receives}; returns the stanza.
    public Xml receivesOne(String template) {
        Xml expected = Xml.parse(scene.text(template));
        Xml actual = nextStanza(expected.toString());
        if (!new XmlPattern(expected).matches(actual, scene.names())) {
            throw new AssertionError(name + " expected\n  " + expected + "\nbut received\n  " + actual);
        }
        return actual;
    }

    /// The next stanzas must be these, in whatever order.
    public TestClient receivesInAnyOrder(String... templates) {
        List<Xml> open = new ArrayList<>();
        for (String template : templates) {
            open.add(Xml.parse(scene.text(template)));
        }
        while (!open.isEmpty()) {
            Xml actual = nextStanza(open.toString());
            if (!removeMatch(open, actual)) {
                throw new AssertionError(name + " expected one of\n  " + open + "\nbut received\n  " + actual);
            }
        }
        return this;
    }

    private boolean removeMatch(List<Xml> open, Xml actual) {
        for (Iterator<Xml> each = open.iterator(); each.hasNext(); ) {
            if (new XmlPattern(each.next()).matches(actual, scene.names())) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    /// The next stanza must be a stanza error of this kind.
    ///
    /// @param template the stanza; its children do not count
    public TestClient receivesError(String template, String type, String condition) {
        Xml stanza = Xml.parse(scene.text(template).replaceFirst("/>$", ">{*}</" + kind(template) + ">"));
        Xml actual = nextStanza(stanza + " with " + condition);
        if (!new XmlPattern(stanza).matches(actual, scene.names())) {
            throw new AssertionError(name + " expected\n  " + stanza + "\nbut received\n  " + actual);
        }
        StanzaErrors.check(actual, type, condition);
        return this;
    }

    private static String kind(String template) {
        return template.substring(1).split("[ />]", 2)[0];
    }

    /// This stanza must come, now or later; what comes before it stays to be received.
    public Xml awaits(String template) {
        Xml expected = Xml.parse(scene.text(template));
        XmlPattern pattern = new XmlPattern(expected);
        return await(expected.toString(), xml -> pattern.matches(xml, scene.names()));
    }

    private Xml await(String what, java.util.function.Predicate<Xml> wanted) {
        for (Iterator<Connection.Event> each = inbox.iterator(); each.hasNext(); ) {
            if (each.next() instanceof Connection.Event.Element element && wanted.test(element.xml())) {
                each.remove();
                return element.xml();
            }
        }
        while (true) {
            Connection.Event event = poll();
            if (event == null) {
                throw new AssertionError(name + " waited for\n  " + what + "\nbut there was only\n  " + inbox);
            }
            if (event instanceof Connection.Event.Element element && wanted.test(element.xml())) {
                return element.xml();
            }
            inbox.add(event);
            if (event instanceof Connection.Event.Disconnected) {
                throw new AssertionError(name + " waited for\n  " + what + "\nbut was disconnected after\n  " + inbox);
            }
        }
    }

    /// Sends a request and waits for its answer, whatever else comes. The answer must come from whom was asked (RFC
    /// 6120
    /// section 8.1.2.1 and 8.2.3), and only once. An id is added if there is none.
    public Answer asks(String template) {
        String text = scene.text(template).strip();
        if (!Xml.parse(text).has("id")) {
            requests++;
            text = text.replaceFirst("<iq", "<iq id='ask-" + requests + "'");
        }
        Xml request = Xml.parse(text);
        sendsRaw(text);
        return new Answer(scene, answerTo(request));
    }

    private Xml answerTo(Xml request) {
        String id = request.attribute("id");
        Xml answer = await(
                "an answer to " + request,
                xml -> xml.is("iq", "jabber:client")
                        && xml.attribute("id").equals(id)
                        && !xml.attribute("type").equals("get")
                        && !xml.attribute("type").equals("set"));
        String from = answer.attribute("from");
        String asked = request.attribute("to");
        boolean account = asked.isEmpty() || asked.equals(bareJid());
        if (account ? !from.isEmpty() && !from.equals(bareJid()) : !from.equals(asked)) {
            throw new AssertionError(request + " was answered by somebody else:\n  " + answer);
        }
        answered.add(id);
        return answer;
    }

    /// Nothing may have come until everything has been carried out that anybody in the scene has sent so far. That is
    /// known when the answers to later requests have come: stanzas between two entities keep their order (RFC 6120
    /// section 10.1).
    public TestClient receivesNothing() {
        scene.settle();
        for (Connection.Event event : inbox) {
            throw new AssertionError(name + " expected nothing, but there was " + event);
        }
        return this;
    }

    /// A round trip to the server and one to the client itself by way of its account.
    void settle() {
        if (gone) {
            return;
        }
        asks("<iq type='get' to='${host}'><ping xmlns='urn:xmpp:ping'/></iq>");
        requests++;
        String id = "settle-" + requests;
        sendsRaw("<iq type='get' id='" + id + "' to='" + jid + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        await(
                "its own request",
                xml -> xml.attribute("id").equals(id) && xml.attribute("type").equals("get"));
        sendsRaw("<iq type='result' id='" + id + "' to='" + jid + "'/>");
        await(
                "its own answer",
                xml -> xml.attribute("id").equals(id) && xml.attribute("type").equals("result"));
    }

    /// The next event. A client answers when its server asks whether it is there (XEP-0199 section 4.2), and no script
    /// need mention that.
    private Connection.@Nullable Event poll() {
        while (true) {
            Connection.Event event = stream.connection().poll(Connection.PATIENCE);
            if (!(event instanceof Connection.Event.Element(Xml xml))
                    || !xml.attribute("type").equals("get")
                    || !xml.attribute("from").equals(domain())
                    || !xml.hasChild("ping", "urn:xmpp:ping")) {
                return event;
            }
            sendsRaw("<iq type='result' id='" + Xml.escape(xml.attribute("id")) + "' to='" + domain() + "'/>");
        }
    }

    private String domain() {
        return jid.substring(jid.indexOf('@') + 1, jid.indexOf('/'));
    }

    /// What came so far does not matter.
    public TestClient forgets() {
        scene.settle();
        inbox.clear();
        return this;
    }

    /// The next stanza, whatever it is.
    public Xml nextStanza(String expected) {
        Connection.Event event = inbox.poll();
        if (event == null) {
            event = poll();
        }
        if (event instanceof Connection.Event.Element element) {
            Xml stanza = element.xml();
            if (stanza.name().equals("iq") && isSecondAnswer(stanza)) {
                throw new AssertionError("answered twice: " + stanza);
            }
            return stanza;
        }
        throw new AssertionError(
                name + " expected\n  " + expected + "\nbut " + (event == null ? "nothing came" : "there was " + event));
    }

    private boolean isSecondAnswer(Xml iq) {
        return !Set.of("get", "set").contains(iq.attribute("type")) && answered.contains(iq.attribute("id"));
    }

    /// What comes now must be this stream error and the end of the connection.
    public void failsWith(String condition) {
        if (!inbox.isEmpty()) {
            throw new AssertionError(name + " expected the stream error " + condition + ", but there was " + inbox);
        }
        gone = true;
        stream.failsWith(condition);
    }

    /// Goes offline in good order and waits until the server has taken leave.
    public void logsOut() {
        if (!gone) {
            gone = true;
            sendsRaw("</stream:stream>");
            Connection.@Nullable Event event;
            do {
                event = stream.connection().next();
            } while (!(event instanceof Connection.Event.Disconnected));
        }
        close();
    }

    /// Loses the connection.
    public void drops() {
        gone = true;
        stream.connection().drop();
    }

    Map<String, String> names() {
        return scene.names();
    }

    @Override
    public void close() {
        gone = true;
        stream.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
