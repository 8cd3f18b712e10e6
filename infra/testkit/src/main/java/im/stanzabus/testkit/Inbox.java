package im.stanzabus.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a client has received and its script has not spoken of yet, in order. The client answers when its server asks
/// whether it is there (XEP-0199 section 4.1) or what it has received (XEP-0198 section 4), and no script need mention
/// that. To be used by one thread.
final class Inbox {
    private final Deque<Connection.Event> events = new ArrayDeque<>();
    private final Set<String> answered = new HashSet<>();
    private final String name;
    private final String domain;
    private final Acknowledgements acknowledgements;
    private Connection connection;

    Inbox(String name, String domain, Connection connection, Acknowledgements acknowledgements) {
        this.name = name;
        this.domain = domain;
        this.connection = connection;
        this.acknowledgements = acknowledgements;
    }

    /// What comes from now on comes over another connection. What came before stays to be spoken of.
    void continueOn(Connection next) {
        connection = next;
        events.removeIf(event -> !(event instanceof Connection.Event.Element));
    }

    /// Waits for an acknowledgement of the server (XEP-0198 section 4), and keeps whatever else comes.
    long ack() {
        while (acknowledgements.acks().isEmpty()) {
            Connection.Event event = connection.poll(Connection.PATIENCE);
            if (event == null) {
                throw new AssertionError(name + " waited for an acknowledgement, but there was only\n  " + events);
            }
            if (!(event instanceof Connection.Event.Element(Xml xml)) || !isTaken(xml)) {
                events.add(event);
            }
            if (event instanceof Connection.Event.Disconnected) {
                throw new AssertionError(name + " waited for an acknowledgement, but was disconnected: " + events);
            }
        }
        return acknowledgements.acks().remove();
    }

    /// The next stanza.
    ///
    /// @throws AssertionError if there is none in time, or an answer comes a second time
    Xml next(String expected) {
        Connection.Event event = events.poll();
        if (event == null) {
            event = poll(Connection.PATIENCE);
        }
        if (event instanceof Connection.Event.Element(Xml stanza)) {
            if (isAnswer(stanza) && answered.contains(stanza.attribute("id"))) {
                throw new AssertionError("answered twice: " + stanza);
            }
            return stanza;
        }
        throw new AssertionError(
                name + " expected\n  " + expected + "\nbut " + (event == null ? "nothing came" : "there was " + event));
    }

    /// A stanza that must come, now or later. What comes before stays.
    Xml await(String what, Predicate<Xml> wanted) {
        return await(what, wanted, Connection.PATIENCE);
    }

    /// Like the other, with another limit for the time from one stanza to the next.
    Xml await(String what, Predicate<Xml> wanted, Duration limit) {
        for (Iterator<Connection.Event> each = events.iterator(); each.hasNext(); ) {
            if (each.next() instanceof Connection.Event.Element(Xml xml) && wanted.test(xml)) {
                each.remove();
                return xml;
            }
        }
        while (true) {
            Connection.Event event = poll(limit);
            if (event == null) {
                throw new AssertionError(name + " waited for\n  " + what + "\nbut there was only\n  " + events);
            }
            if (event instanceof Connection.Event.Element(Xml xml) && wanted.test(xml)) {
                return xml;
            }
            events.add(event);
            if (event instanceof Connection.Event.Disconnected) {
                throw new AssertionError(name + " waited for\n  " + what + "\nbut was disconnected after\n  " + events);
            }
        }
    }

    private Connection.@Nullable Event poll(Duration limit) {
        while (true) {
            Connection.Event event = connection.poll(limit);
            if (!(event instanceof Connection.Event.Element(Xml xml)) || !isTaken(xml)) {
                return event;
            }
        }
    }

    /// Deals with what no script need know of.
    private boolean isTaken(Xml xml) {
        if (acknowledgements.take(xml, connection)) {
            return true;
        }
        boolean ping = isPing(xml);
        if (ping) {
            connection.send("<iq type='result' id='" + Xml.escape(xml.attribute("id")) + "' to='" + domain + "'/>");
        }
        return ping;
    }

    private boolean isPing(Xml xml) {
        return xml.attribute("type").equals("get")
                && xml.attribute("from").equals(domain)
                && xml.hasChild("ping", "urn:xmpp:ping");
    }

    private static boolean isAnswer(Xml stanza) {
        return stanza.name().equals("iq") && !Set.of("get", "set").contains(stanza.attribute("type"));
    }

    /// No other answer to this request may come.
    void wasAnswered(String id) {
        answered.add(id);
    }

    /// @throws AssertionError if anything has come
    void mustBeEmpty(String expected) {
        if (!events.isEmpty()) {
            throw new AssertionError(name + " expected " + expected + ", but there was " + events);
        }
    }

    void clear() {
        events.clear();
    }
}
