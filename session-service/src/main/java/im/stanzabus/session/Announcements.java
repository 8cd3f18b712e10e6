package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.StreamError;
import java.util.List;

/// Takes over streams that another owner had, as their gateways announce them. Nobody else is told
/// anything: for the rest of the world the resources have been there all the time. Confined to the
/// partition's context.
final class Announcements {
    private final Accounts accounts;
    private final Post post;
    private final StreamReports reports;
    private final Detached detached;
    private final ClientStreams streams;
    private final PresenceDelivery presence;
    private final OfflineDeliveries offline;

    Announcements(
            Accounts accounts,
            Post post,
            StreamReports reports,
            Detached detached,
            ClientStreams streams,
            PresenceDelivery presence,
            OfflineDeliveries offline) {
        this.offline = offline;
        this.accounts = accounts;
        this.post = post;
        this.reports = reports;
        this.detached = detached;
        this.streams = streams;
        this.presence = presence;
    }

    void announced(SessionEvent.Announce announce) {
        Account account = accounts.get(announce.account());
        Resource holder = account.resource(announce.client().resource());
        if (holder != null && announce.attached() && announce.connection().equals(holder.home())) {
            takeBack(holder, announce.connection());
        }
        if (holder != null && holder.connection().equals(announce.connection())) {
            known(holder, announce);
            return;
        }
        List<Outbound.Unconfirmed> queued = List.of();
        SessionEvent.Resume resuming = null;
        if (holder != null && isOver(holder) && announce.attached()) {
            account.remove(holder); // the client has come back since; what it has not confirmed is in the log
        } else if (holder != null) {
            boolean sameStream = holder.stream == announce.stream();
            if (!sameStream || holder.isAttached() || !announce.attached()) {
                post.tell(new ConnectionEvent.Disconnect(
                        announce.connection(),
                        sameStream
                                ? null
                                : StreamError.of(
                                        StreamError.Condition.CONFLICT, "another connection took the resource")));
                return;
            }
            // resumed there; the old gateway has not heard of it
            queued = holder.outbound.added();
            resuming = holder.resuming;
            account.remove(holder);
            post.tell(new ConnectionEvent.Disconnect(holder.connection(), null));
        }
        Resource resource = new Resource(reports, account, announce);
        account.add(resource);
        if (resuming != null) {
            resource.resuming = resuming;
            reports.touch(resource);
        }
        if (!announce.attached()) {
            lost(resource);
        }
        if (account.isLoaded() && !resource.isGone()) {
            late(account, resource);
        }
        for (Outbound.Unconfirmed since : queued) {
            if (account.log.wasHanded(since.id())) {
                post.logged(resource, since.stanza(), since.id(), false);
            } else {
                post.unlogged(resource, since.stanza(), since.id(), since.received(), false);
            }
        }
        goOn(account);
    }

    /// The client never left: its gateway was out of view, and another was given the stream to keep.
    private void takeBack(Resource resource, ConnectionId home) {
        post.tell(new ConnectionEvent.Disconnect(resource.connection(), null));
        resource.attach(home);
        resource.outbound.movedTo(home);
        goOn(resource.account);
    }

    /// What had to wait while the stream was taken for lost is delivered.
    private void goOn(Account account) {
        if (account.isLoaded() && account.open) {
            offline.start(account);
        }
    }

    /// The account lives on here without this stream, so others have been told that it is gone.
    private void late(Account account, Resource resource) {
        account.log.inherit(resource.outbound);
        presence.again(account, resource);
    }

    /// A stream that is over is ended when the account is loaded.
    private void lost(Resource resource) {
        if (resource.isResumable() || resource.account.isLoaded()) {
            detached.lost(resource);
        } else {
            resource.detach(System.nanoTime());
        }
    }

    /// True for a stream that ended while nobody owned the account.
    static boolean isOver(Resource resource) {
        return !resource.isAttached() && !resource.isResumable();
    }

    /// A gateway announces what is known here: messages of the bus may have been lost either way.
    private void known(Resource resource, SessionEvent.Announce announce) {
        streams.confirm(resource, announce.delivered());
        long has = announce.unconfirmed().isEmpty()
                ? announce.delivered()
                : announce.unconfirmed().getLast().number();
        resource.outbound.after(has).forEach(post::tell);
        resource.notes.handledTold = Math.min(resource.notes.handledTold, announce.handled());
        reports.touch(resource);
        if (!announce.attached()) {
            lost(resource);
        } else if (!resource.isAttached()) {
            resource.attach(resource.connection());
            goOn(resource.account);
        }
    }
}
