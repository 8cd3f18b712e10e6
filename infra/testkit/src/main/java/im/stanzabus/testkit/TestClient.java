package im.stanzabus.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A person with a client: says what it sends and what it receives, in XML with the placeholders of {@link Scene#text}
/// and the wildcards of {@link XmlPattern}. Stanzas are received in order, and none may be left out. To be used by the
/// test's thread.
public final class TestClient implements AutoCloseable {
    private final Scene scene;
    private final String name;
    private final String jid;
    private final Inbox inbox;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private TestStream stream;
    private boolean available;
    private boolean gone;
    private int requests;

    TestClient(Scene scene, String name, String jid, TestStream stream) {
        this.scene = scene;
        this.name = name;
        this.jid = jid;
        this.stream = stream;
        inbox = new Inbox(
                name, jid.substring(jid.indexOf('@') + 1, jid.indexOf('/')), stream.connection(), acknowledgements);
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
        Xml actual = inbox.next(expected.toString());
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
            Xml actual = inbox.next(open.toString());
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
        Xml actual = inbox.next(stanza + " with " + condition);
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
        return awaits(template, Connection.PATIENCE);
    }

    /// Like {@link #awaits(String)}, for what takes longer: the limit is for the time from one stanza to the next.
    public Xml awaits(String template, Duration limit) {
        Xml expected = Xml.parse(scene.text(template));
        XmlPattern pattern = new XmlPattern(expected);
        return inbox.await(expected.toString(), xml -> pattern.matches(xml, scene.names()), limit);
    }

    /// Sends a request and waits for its answer, whatever else comes. The answer must come from whom was asked
    /// (RFC 6120 section 8.1.2.1 and 8.2.3), and only once. An id is added if there is none.
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
        Xml answer = inbox.await(
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
        inbox.wasAnswered(id);
        return answer;
    }

    /// Nothing may have come until everything has been carried out that anybody in the scene has sent so far. That is
    /// known when the answers to later requests have come: stanzas between two entities keep their order (RFC 6120
    /// section 10.1).
    public TestClient receivesNothing() {
        scene.settle();
        inbox.mustBeEmpty("nothing");
        return this;
    }

    /// A round trip to the server and one to the client itself by way of its account.
    void settle() {
        if (gone) {
            return;
        }
        asks("<iq type='get' to='" + bareJid().substring(jid.indexOf('@') + 1)
                + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        requests++;
        String id = "settle-" + requests;
        sendsRaw("<iq type='get' id='" + id + "' to='" + jid + "'><ping xmlns='urn:xmpp:ping'/></iq>");
        inbox.await(
                "its own request",
                xml -> xml.attribute("id").equals(id) && xml.attribute("type").equals("get"));
        sendsRaw("<iq type='result' id='" + id + "' to='" + jid + "'/>");
        inbox.await(
                "its own answer",
                xml -> xml.attribute("id").equals(id) && xml.attribute("type").equals("result"));
    }

    /// What came so far does not matter.
    public TestClient forgets() {
        scene.settle();
        inbox.clear();
        return this;
    }

    /// The next stanza, whatever it is.
    public Xml nextStanza(String expected) {
        return inbox.next(expected);
    }

    /// Enables stream management, with resumption (XEP-0198 section 3). From now on it counts what it receives, and
    /// answers when the server asks.
    public TestClient enableStreamManagement() {
        enableStreamManagement("resume='true'");
        return this;
    }

    /// Enables stream management and returns the server's `<enabled/>`.
    ///
    /// @param attributes of `<enable/>`
    public Xml enableStreamManagement(String attributes) {
        sendsRaw("<enable xmlns='" + Acknowledgements.NAMESPACE + "' " + attributes + "/>");
        Xml answer = awaitsElement("enabled", "failed");
        if (!answer.name().equals("enabled")) {
            throw new AssertionError(name + " cannot enable stream management: " + answer);
        }
        return answer;
    }

    /// An element of stream management with one of these names must come, now or later; what comes before it
    /// stays to be received.
    public Xml awaitsElement(String... names) {
        List<String> wanted = List.of(names);
        return inbox.await(
                "one of " + wanted,
                xml -> xml.namespace().equals(Acknowledgements.NAMESPACE) && wanted.contains(xml.name()));
    }

    /// The stream's id for resumption.
    public String streamManagementId() {
        return acknowledgements.id();
    }

    /// How many stanzas it has received since stream management was enabled. What came and no script has asked
    /// for yet is not counted.
    public long received() {
        return acknowledgements.received();
    }

    /// Does not answer any more when the server asks what it has received.
    public TestClient acknowledgesNothing() {
        acknowledgements.answering(false);
        return this;
    }

    /// Says what it has received, and answers again when it is asked.
    public TestClient acknowledges() {
        acknowledgements.answering(true);
        acknowledgements.acknowledge(stream.connection());
        return this;
    }

    /// Asks how many of its stanzas are handled, and returns the answer.
    public long asksForAck() {
        acknowledgements.acks().clear();
        sendsRaw("<r xmlns='" + Acknowledgements.NAMESPACE + "'/>");
        return inbox.ack();
    }

    /// Waits until the server has acknowledged so many of its stanzas.
    public TestClient awaitsAck(long count) {
        sendsRaw("<r xmlns='" + Acknowledgements.NAMESPACE + "'/>");
        long h = inbox.ack();
        while (h < count) {
            h = inbox.ack();
        }
        return this;
    }

    /// Comes back on a new connection and goes on with its stream (XEP-0198 section 5).
    public TestClient resumes() {
        Xml answer = triesToResume();
        if (!answer.name().equals("resumed")) {
            throw new AssertionError(name + " cannot resume: " + answer);
        }
        return this;
    }

    /// Comes back on a new connection and asks for its stream; returns `<resumed/>` or `<failed/>`.
    public Xml triesToResume() {
        stream.connection().drop();
        TestStream next = scene.loggedIn(bareJid());
        next.connection()
                .send("<resume xmlns='" + Acknowledgements.NAMESPACE + "' previd='" + Xml.escape(acknowledgements.id())
                        + "' h='" + acknowledgements.received() + "'/>");
        Xml answer = next.connection().element();
        stream = next;
        gone = !answer.name().equals("resumed");
        if (!gone) {
            acknowledgements.acks().clear();
            inbox.continueOn(next.connection());
        }
        return answer;
    }

    /// What comes now must be this stream error and the end of the connection.
    public void failsWith(String condition) {
        inbox.mustBeEmpty("the stream error " + condition);
        gone = true;
        stream.failsWith(condition, inbox.next("the stream error " + condition));
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
