package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.stanza.StreamError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Streams whose resource another one has, as it turns out when both are announced: what their clients have
/// not confirmed finds another way, once. Confined to the partition's context.
final class OvertakenStreams {
    private static final int MOST_SETTLED = 10_000;

    private final Undelivered undelivered;
    private final Acceptances acceptances;

    /// The streams of which nothing is left to be redelivered.
    private final Map<Long, Boolean> settled = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_SETTLED;
        }
    };

    OvertakenStreams(Undelivered undelivered, Acceptances acceptances) {
        this.acceptances = acceptances;
        this.undelivered = undelivered;
    }

    /// What a stream was handed has found another way.
    void settled(long stream) {
        settled.put(stream, true);
    }

    /// A stream that was taken for gone goes on.
    void revived(long stream) {
        settled.remove(stream);
    }

    /// A resource that gives way to the stream of another client, or of the same that has come anew.
    void overtaken(Resource resource) {
        List<Outbound.Unconfirmed> rest = acceptances.ended(resource, resource.outbound.unconfirmed());
        resource.account.ended(resource);
        overtaken(resource.account, resource.connection(), resource.stream, rest);
    }

    /// A stream that is over because another has its resource. As long as the account is not loaded, it is
    /// not known who could have what it leaves.
    void overtaken(Account account, ConnectionId connection, long stream, List<Outbound.Unconfirmed> rest) {
        if (!account.isLoaded()) {
            account.whenLoaded(connection, () -> overtaken(account, connection, stream, rest));
            return;
        }
        if (settled.put(stream, true) == null) {
            undelivered.redeliver(account, rest);
        }
        StreamError error = StreamError.of(StreamError.Condition.CONFLICT, "another connection took the resource");
        undelivered.settle(account, stream, new ConnectionEvent.Disconnect(connection, error));
    }
}
