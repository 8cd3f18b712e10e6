package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamEvent;
import org.jspecify.annotations.Nullable;

/// A resource is bound: stanzas go to the owner of the account and come from there.
///
/// Invariants:
/// - `number` is that of the last stanza sent to the owner, `handled` of the last it has dealt with; while
///   more than the allowed number are between, the socket is not read.
/// - `confirmed` <= `wanted` <= `delivered`: the delivery that the client is known to have, the last that
///   the owner wants to know of, the last that was written. While `confirmed < wanted`, a ping is under way
///   or about to be written behind that stanza.
final class Bound implements StreamState {
    private static final StreamError TIMED_OUT =
            StreamError.of(StreamError.Condition.CONNECTION_TIMEOUT, "no answer to a ping");
    private static final StreamError OVERFLOW =
            StreamError.of(StreamError.Condition.RESOURCE_CONSTRAINT, "too much waits for this client");
    private static final StreamError FOREIGN_FROM =
            StreamError.of(StreamError.Condition.INVALID_FROM, "a stanza must be from its sender");

    /// A ping that was not answered yet (XEP-0199). Whatever was written before it has arrived when its
    /// answer comes.
    private record Ping(String id, long delivered, long sentAt) {}

    private final Connection connection;
    private final Gateway gateway;
    private final Jid client;
    private long number;
    private long handled;
    private long delivered;
    private long wanted;
    private long confirmed;
    private int pings;
    private @Nullable Ping ping;

    Bound(Connection connection, Jid client) {
        this.connection = connection;
        this.gateway = connection.gateway();
        this.client = client;
        gateway.metrics().bound();
    }

    Jid client() {
        return client;
    }

    @Override
    public void stanza(Stanza stanza) {
        gateway.metrics().stanzaIn();
        Jid from = stanza.from();
        // RFC 6120 section 8.1.2.1
        if (from != null && !from.equals(client) && !from.equals(client.bare())) {
            connection.fail(FOREIGN_FROM);
        } else if (!stanza.isIq() || !isOurs(stanza)) {
            forward(stanza);
        }
    }

    private void forward(Stanza stanza) {
        String lang = stanza.lang() == null ? connection.lang() : stanza.lang();
        Stanza stamped =
                new Stanza(stanza.kind(), stanza.type(), stanza.id(), client, stanza.to(), lang, stanza.payload());
        gateway.tell(new SessionEvent.FromClient(connection.id(), client, ++number, stamped));
        if (number - handled > gateway.config().limits().unconfirmedStanzas()) {
            connection.in().hold(Inbound.WINDOW);
        }
    }

    /// The owner has dealt with the client's stanzas up to this one.
    void handled(long upTo) {
        handled = Math.max(handled, Math.min(upTo, number));
        if (number - handled <= gateway.config().limits().unconfirmedStanzas() / 2) {
            connection.in().release(Inbound.WINDOW);
        }
    }

    /// Answers what concerns the stream; true if the stanza was for us.
    private boolean isOurs(Stanza iq) {
        if (!isForServer(iq.to())) {
            return false;
        }
        if (!iq.isRequest()) {
            Ping current = ping;
            if (current != null && current.id().equals(iq.id())) {
                answered(current);
                return true;
            }
            return false;
        }
        if (iq.payload().has("bind", Namespaces.BIND)) {
            // RFC 6120 section 7.1: one resource per stream
            connection.send(iq.withFrom(client).error(Condition.NOT_ALLOWED));
            return true;
        }
        if (iq.type() == StanzaType.SET && iq.payload().has("session", Namespaces.SESSION)) {
            connection.send(iq.withFrom(client).result());
            return true;
        }
        return false;
    }

    private boolean isForServer(@Nullable Jid to) {
        return to == null || to.toString().equals(client.domain()) || to.equals(client.bare());
    }

    void deliver(ConnectionEvent.Deliver deliver) {
        gateway.metrics().stanzaOut();
        delivered = deliver.number();
        if (deliver.confirm()) {
            wanted = delivered;
            connection.out().stanza(deliver.stanza());
        } else {
            connection.out().returnable(deliver.stanza());
        }
        if (connection.out().waiting() > gateway.config().limits().outgoingBytes()) {
            connection.fail(OVERFLOW);
        }
    }

    /// Asks for a sign of life behind what the owner wants confirmed.
    void beforeFlush() {
        if (wanted > confirmed && ping == null) {
            ping();
        }
    }

    private void ping() {
        Ping next = new Ping(connection.streamId() + '-' + ++pings, delivered, gateway.now());
        ping = next;
        connection.send(Stanza.iq(
                StanzaType.GET, next.id(), Jid.of(client.domain()), client, Element.of("ping", Namespaces.PING)));
    }

    private void answered(Ping current) {
        ping = null;
        if (wanted > confirmed) {
            confirmed = current.delivered();
            gateway.tell(new SessionEvent.Delivered(connection.id(), client, confirmed));
            if (wanted > confirmed) {
                gateway.flusher().wake(connection);
            }
        }
    }

    @Override
    public void badStanza(StreamEvent.BadStanza stanza) {
        BadStanzas.answer(connection, stanza, client);
    }

    @Override
    public void nonza(Element element) {
        connection.fail(StreamState.unsupported(element));
    }

    /// RFC 6120 section 4.6: a silent client is asked, one that stays silent is gone. A client that is busy
    /// sending or whose reading we stopped is not silent.
    @Override
    public void sweep(long now) {
        if (!connection.in().isReading()) {
            return;
        }
        Ping current = ping;
        long silent = now - connection.in().lastRead();
        C2sConfig.Timeouts timeouts = gateway.config().timeouts();
        if (current == null) {
            if (silent > timeouts.idle().toMillis()) {
                ping();
            }
        } else if (now - Math.max(current.sentAt(), connection.in().lastRead())
                > timeouts.ping().toMillis()) {
            connection.fail(TIMED_OUT);
        }
    }
}
