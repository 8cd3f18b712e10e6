package im.stanzabus.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// A client's side of stream management (XEP-0198): counts what it has received from the moment on when the server has
/// enabled it, over all connections of the stream, and answers when the server asks. To be used by one thread.
final class Acknowledgements {
    static final String NAMESPACE = "urn:xmpp:sm:3";
    private static final Set<String> STANZAS = Set.of("message", "presence", "iq");

    private final Deque<Long> acks = new ArrayDeque<>();
    private String id = "";
    private boolean enabled;
    private boolean answering = true;
    private long received;

    /// Takes the next element that came. A stanza is counted.
    ///
    /// @return true if no script need know of it
    boolean take(Xml xml, Connection connection) {
        if (xml.namespace().equals(NAMESPACE)) {
            return takeElement(xml, connection);
        }
        if (enabled && STANZAS.contains(xml.name())) {
            received++;
        }
        return false;
    }

    private boolean takeElement(Xml xml, Connection connection) {
        switch (xml.name()) {
            case "enabled" -> {
                enabled = true;
                received = 0;
                id = xml.attribute("id");
                return false;
            }
            case "r" -> {
                if (answering) {
                    acknowledge(connection);
                }
                return true;
            }
            case "a" -> {
                acks.add(Long.parseLong(xml.attribute("h")));
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    void acknowledge(Connection connection) {
        connection.send("<a xmlns='" + NAMESPACE + "' h='" + received + "'/>");
    }

    /// Whether requests of the server are answered.
    void answering(boolean on) {
        answering = on;
    }

    /// How many stanzas have come.
    long received() {
        return received;
    }

    /// The stream's id for resumption; empty if it cannot be resumed.
    String id() {
        return id;
    }

    /// The server's acknowledgements that nobody has asked for yet, in order.
    Deque<Long> acks() {
        return acks;
    }
}
