package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.StanzaError.Condition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// Goes on with streams on other connections (XEP-0198 section 5). Confined to the partition's context.
final class Resumption {
    private final Post post;
    private final ClientStreams streams;
    private final OfflineDeliveries offline;
    private final Counter resumed;
    private final Counter refused;

    Resumption(Post post, ClientStreams streams, OfflineDeliveries offline, MeterRegistry metrics, int partition) {
        this.post = post;
        this.streams = streams;
        this.offline = offline;
        resumed = counter(metrics, "resumed", partition);
        refused = counter(metrics, "refused", partition);
    }

    private static Counter counter(MeterRegistry metrics, String result, int partition) {
        return Counter.builder("stanzabus.session.resumptions")
                .tag("result", result)
                .tag("partition", Integer.toString(partition))
                .description("requests to resume a stream")
                .register(metrics);
    }

    /// A client asks for its stream. What came in on the old connection is finished first, so that the
    /// client is told exactly what it has to send again, also of a stream that is over.
    void resume(Account account, SessionEvent.Resume request) {
        Resource resource = account.removed ? null : account.resumable(request.resumeId());
        if (resource == null) {
            refuse(request.connection(), -1);
            return;
        }
        if (resource.connection().equals(request.connection()) && !resource.progress.isIdle()) {
            return; // asked twice, and it goes on already
        }
        SessionEvent.Resume older = resource.resuming;
        if (older != null && !older.connection().equals(request.connection())) {
            refuse(older.connection(), -1);
        }
        resource.resuming = request;
        resource.resumeAsked = System.nanoTime();
        goOn(resource);
    }

    /// Goes on with a stream if that was asked for and nothing is under way; of one that is over, it is told how
    /// far it has come.
    void goOn(Resource resource) {
        SessionEvent.Resume request = resource.resuming;
        Management management = resource.management();
        if (request == null || management == null || !resource.progress.isIdle()) {
            return;
        }
        if (!resource.account.open) {
            return; // the next owner is asked again: what was told now might come behind its first words
        }
        resource.resuming = null;
        if (!post.isReachable(request.connection())) {
            return; // its gateway has died meanwhile
        }
        long last = resource.outbound.last();
        long received = number(management.outBase(), request.h(), last);
        if (received > last && !resource.isGone()) {
            refuse(request.connection(), Condition.UNDEFINED_CONDITION, (last - management.outBase()) & 0xffff_ffffL);
            return;
        }
        if (resource.isGone() || received < resource.outbound.confirmed()) {
            refuse(request.connection(), (resource.progress.upTo() - management.inBase()) & 0xffff_ffffL);
            return;
        }
        resumed.increment();
        streams.confirm(resource, received);
        ConnectionId old = resource.connection();
        if (!old.equals(request.connection())) {
            post.tell(new ConnectionEvent.Disconnect(old, null));
        }
        resource.attach(request.connection());
        resource.notes.stateChanged = false;
        resource.notes.handledTold = resource.progress.upTo();
        post.tell(resumed(resource, request.connection(), management, List.of()));
        resource.outbound.movedTo(request.connection()).forEach(post::tell);
        resource.neverConfirms = false;
        offline.start(resource.account);
    }

    /// Where a stream stands, for the gateway that has it from now on.
    ///
    /// @param unconfirmed what was handed over since, if it does not follow by itself
    static ConnectionEvent.Resumed resumed(
            Resource resource,
            ConnectionId connection,
            Management management,
            List<ConnectionEvent.Deliver> unconfirmed) {
        long lastLogId = resource.outbound.lastConfirmedLogId(); // what follows tells of the rest
        long logSince = resource.outbound.logSince();
        boolean known = lastLogId >= logSince;
        return new ConnectionEvent.Resumed(
                connection,
                resource.jid,
                management,
                resource.state(),
                resource.stream,
                resource.progress.upTo(),
                resource.outbound.confirmed(),
                known ? lastLogId : 0,
                known ? logSince : 0,
                unconfirmed);
    }

    void refuse(ConnectionId connection, long h) {
        refuse(connection, Condition.ITEM_NOT_FOUND, h);
    }

    /// @param h with `undefined-condition`: how much the client was sent, as it has counted more (section 4)
    private void refuse(ConnectionId connection, Condition condition, long h) {
        refused.increment();
        post.tell(new ConnectionEvent.ResumeRefused(connection, condition, h));
    }

    /// The delivery number that a count of the client stands for. Counts begin again after 2^32 - 1
    /// (section 4): the nearest to what was sent is meant.
    static long number(long base, long h, long last) {
        long sent = last - base;
        long wraps = Math.max(0, (sent - h + (1L << 31)) >> 32);
        return base + h + (wraps << 32);
    }
}
