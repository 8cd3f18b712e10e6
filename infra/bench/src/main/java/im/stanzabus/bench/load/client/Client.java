package im.stanzabus.bench.load.client;

import im.stanzabus.bench.load.client.Negotiation.Goal;
import im.stanzabus.bench.load.wire.Connection;
import im.stanzabus.bench.load.wire.Loop;
import im.stanzabus.bench.load.wire.StreamHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One user, who may come and go many times. To be used by the thread of the loop.
public final class Client implements StreamHandler {
    private static final byte[][] ERROR = {
        "type='error'".getBytes(StandardCharsets.US_ASCII), "type=\"error\"".getBytes(StandardCharsets.US_ASCII)
    };

    private final Account account;
    private final Target target;
    private final SaltedPasswords salted;
    private final ClientEvents events;
    private @Nullable Connection connection;
    private @Nullable Negotiation negotiation;
    private boolean isOnline;
    private boolean isLeaving;
    private long startedAt;
    private String jid = "";
    private String mechanism = "";
    private Map<String, String> roster = Map.of();

    Client(Account account, Target target, SaltedPasswords salted, ClientEvents events) {
        this.account = account;
        this.target = target;
        this.salted = salted;
        this.events = events;
    }

    public Account account() {
        return account;
    }

    /// Its place in the crowd.
    public int index() {
        return account.index();
    }

    /// The full JID that it has, or had last.
    public String jid() {
        return jid;
    }

    /// The contacts it had when it came online, and their subscriptions (RFC 6121 section 2.1.2.5).
    public Map<String, String> roster() {
        return roster;
    }

    /// Protocol, cipher and mechanism of its last login.
    String access() {
        return (connection == null ? "none" : connection.cipher()) + ", " + mechanism;
    }

    public boolean isOnline() {
        return isOnline;
    }

    public boolean isConnected() {
        return connection != null;
    }

    /// When it began to connect, in nanoseconds of this process's clock.
    public long startedAt() {
        return startedAt;
    }

    /// Connects and logs in.
    void login(Loop loop) {
        connect(loop, Goal.ONLINE);
    }

    /// Connects and makes the account.
    void register(Loop loop) {
        connect(loop, Goal.ACCOUNT);
    }

    private void connect(Loop loop, Goal goal) {
        startedAt = System.nanoTime();
        isLeaving = false;
        try {
            Connection begun = loop.connect(this, target.address(index()), target.from(index()));
            connection = begun;
            negotiation = new Negotiation(this, target, goal, begun, salted);
        } catch (IOException e) {
            closed(String.valueOf(e.getMessage()));
        }
    }

    /// Ends its stream (RFC 6120 section 4.4); the connection closes when the server has ended its own.
    public void leave() {
        isLeaving = true;
        isOnline = false;
        send("</stream:stream>");
    }

    public void send(String xml) {
        if (connection != null) {
            connection.send(xml);
        }
    }

    /// Sends the first `length` bytes; they may be overwritten afterwards.
    public void send(byte[] bytes, int length) {
        if (connection != null) {
            connection.send(bytes, length);
        }
    }

    @Override
    public void ready() {
        if (negotiation != null) {
            negotiation.open();
        }
    }

    @Override
    public boolean element(byte[] bytes, int from, int to) {
        if (negotiation != null) {
            return negotiation.element(text(bytes, from, to));
        }
        switch (bytes[from + 1]) {
            case 'm' -> message(bytes, from, to);
            case 'p' -> presence(bytes, from, to);
            case 'i' -> iq(text(bytes, from, to));
            default -> other(text(bytes, from, to));
        }
        return true;
    }

    void online(String boundJid, Map<String, String> contacts, String usedMechanism) {
        negotiation = null;
        isOnline = true;
        jid = boundJid;
        roster = contacts.isEmpty() ? Map.of() : contacts;
        mechanism = usedMechanism;
        events.online(this);
    }

    void registered() {
        leave();
        events.registered(this);
    }

    /// The server does not let the client in.
    void fail(String why) {
        if (connection != null) {
            connection.close(why);
        }
    }

    private void message(byte[] bytes, int from, int to) {
        int tagEnd = from;
        while (bytes[tagEnd] != '>') {
            tagEnd++;
        }
        if (isError(bytes, from, tagEnd)) {
            events.mishap(this, Text.brief(text(bytes, from, to)));
            return;
        }
        Stamp stamp = Stamp.find(bytes, tagEnd, to);
        if (stamp != null) {
            events.delivered(this, stamp);
        }
    }

    private static boolean isError(byte[] bytes, int from, int to) {
        int length = ERROR[0].length;
        for (int at = from; at <= to - length; at++) {
            if (bytes[at] == 't'
                    && (Arrays.equals(bytes, at, at + length, ERROR[0], 0, length)
                            || Arrays.equals(bytes, at, at + length, ERROR[1], 0, length))) {
                return true;
            }
        }
        return false;
    }

    private void presence(byte[] bytes, int from, int to) {
        Stamp stamp = Stamp.find(bytes, from, to);
        if (stamp != null) {
            events.delivered(this, stamp);
            return;
        }
        String xml = text(bytes, from, to);
        String tag = Text.startTag(xml);
        String type = Text.attribute(tag, "type");
        if (type.equals("error")) {
            events.mishap(this, Text.brief(xml));
            return;
        }
        String sender = Text.attribute(tag, "from");
        int slash = sender.indexOf('/');
        events.presence(this, type, slash < 0 ? sender : sender.substring(0, slash));
    }

    /// Answers what servers ask of clients (RFC 6120 section 8.2.3).
    private void iq(String xml) {
        String tag = Text.startTag(xml);
        String id = Text.attribute(tag, "id");
        String from = Text.attribute(tag, "from");
        String answer = "<iq id='" + id + "'" + (from.isEmpty() ? "" : " to='" + from + "'");
        switch (Text.attribute(tag, "type")) {
            case "result" -> events.answered(this, id);
            case "error" -> events.mishap(this, Text.brief(xml));
            case "set" -> send(answer + " type='result'/>");
            default ->
                send(
                        xml.contains("urn:xmpp:ping")
                                ? answer + " type='result'/>"
                                : answer + " type='error'><error type='cancel'><service-unavailable"
                                        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        }
    }

    private void other(String xml) {
        if (xml.startsWith("<stream:error")) {
            events.mishap(this, Text.brief(xml));
        }
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public void closed(String how) {
        boolean wanted = isLeaving;
        connection = null;
        negotiation = null;
        if (!wanted) {
            events.mishap(this, how);
        }
        events.closed(this, wanted);
        isOnline = false;
    }
}
