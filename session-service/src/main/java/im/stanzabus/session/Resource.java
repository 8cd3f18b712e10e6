package im.stanzabus.session;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bound connection of an account (RFC 6121: a connected resource; available once it has sent presence,
/// interested
/// once it has asked for the roster). Confined to its partition's context.
final class Resource {
    /// Confirmations are sent to the gateway when this many stanzas were handled since the last one.
    private static final int CONFIRM_EVERY = 32;

    /// Entities outside the roster that one resource may show its presence to.
    private static final int MOST_DIRECTED = 1_000;

    final ConnectionId connection;
    final Jid jid;

    /// The last presence that was broadcast; null while the resource is not available.
    @Nullable
    Stanza presence;

    byte priority;
    boolean interested;
    boolean wantsBlockList;
    boolean carbons;

    /// The message id from which on the resource has taken what was sent to the bare JID.
    long takesSince;

    /// The client did not confirm messages of the log in good time, and is not tried again.
    boolean neverConfirms;

    private @Nullable Set<Jid> directed;
    private long handedOver;
    private long confirmed;

    Resource(ConnectionId connection, Jid jid) {
        this.connection = connection;
        this.jid = jid;
    }

    boolean isAvailable() {
        return presence != null;
    }

    /// True if messages to the bare JID go here (RFC 6121 section 8.5.2.1.1).
    boolean takesMessages() {
        return presence != null && priority >= 0;
    }

    /// The number for the next stanza that is handed to the gateway.
    long nextDelivery() {
        return ++handedOver;
    }

    /// Notes that the client's stanzas up to a number were dealt with.
    ///
    /// @return true if the gateway is to be told now
    boolean confirm(long number) {
        if (number - confirmed < CONFIRM_EVERY) {
            return false;
        }
        confirmed = number;
        return true;
    }

    /// Remembers that an entity was sent available presence that it gets by no broadcast (RFC 6121 section
    /// 4.6).
    ///
    /// @return false if there are too many already
    boolean addDirected(Jid to) {
        if (directed == null) {
            directed = new HashSet<>();
        }
        return directed.contains(to) || (directed.size() < MOST_DIRECTED && directed.add(to));
    }

    void removeDirected(Jid to) {
        if (directed != null) {
            directed.remove(to);
        }
    }

    /// Those who were sent directed presence and must be told when the resource goes away.
    Set<Jid> directed() {
        return directed == null ? Set.of() : directed;
    }

    /// As {@link #directed()}, and forgets them.
    Set<Jid> takeDirected() {
        Set<Jid> all = directed();
        directed = null;
        return all;
    }
}
