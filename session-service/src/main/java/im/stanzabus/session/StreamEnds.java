package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.stanza.StreamError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Streams that are over: the resource goes away for everybody, and what its client has not got finds
/// another way. Confined to the partition's context.
final class StreamEnds {
    private final Accounts accounts;
    private final Post post;
    private final Departures departures;
    private final Undelivered undelivered;
    private final OvertakenStreams overtaken;
    private final OfflineDeliveries offline;
    private final DeliveredMarks marks;
    private final AnonymousAccounts anonymous;
    private final Acceptances acceptances;

    StreamEnds(
            Accounts accounts,
            Post post,
            Departures departures,
            Undelivered undelivered,
            OvertakenStreams overtaken,
            OfflineDeliveries offline,
            DeliveredMarks marks,
            AnonymousAccounts anonymous,
            Acceptances acceptances) {
        this.acceptances = acceptances;
        this.accounts = accounts;
        this.post = post;
        this.departures = departures;
        this.undelivered = undelivered;
        this.overtaken = overtaken;
        this.offline = offline;
        this.marks = marks;
        this.anonymous = anonymous;
    }

    /// The stream is over, as its gateway says or as that is gone. One that lives holds what is left, too, for a next
    /// owner that has not heard of the end: as long as that is of use.
    void gone(Resource resource) {
        if (post.isReachable(resource.connection()) && resource.progress.isIdle()) {
            end(resource, null);
        } else {
            leave(resource);
        }
    }

    private void leave(Resource resource) {
        Account account = resource.account;
        if (resource.isGone()) {
            return;
        }
        List<Outbound.Unconfirmed> rest = acceptances.ended(resource, resource.outbound.unconfirmed());
        departures.gone(account, resource);
        account.ended(resource);
        if (account.anonymous && account.resources().isEmpty()) {
            account.removed = true;
            accounts.remove(account);
            anonymous.forget(account.jid());
        }
        undelivered.redeliver(account, rest);
        overtaken.settled(resource.stream);
        offline.start(account);
        if (account.resources().isEmpty()) {
            marks.moved(account);
            marks.flush(account::equals);
        }
    }

    /// The stream is over, and its gateway is told when it need not hold for the next owner what is left.
    ///
    /// @param error null to end it without one
    void end(Resource resource, @Nullable StreamError error) {
        leave(resource);
        undelivered.settle(
                resource.account, resource.stream, new ConnectionEvent.Disconnect(resource.connection(), error));
    }

    /// The client has not taken what it was sent for too long.
    void tooSlow(Resource resource) {
        end(resource, StreamError.of(StreamError.Condition.RESOURCE_CONSTRAINT, "too much waits for this connection"));
    }
}
